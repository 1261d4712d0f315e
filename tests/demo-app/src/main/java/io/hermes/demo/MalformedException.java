package io.hermes.demo;

/** A request that cannot be understood; its connection is of no further use. */
final class MalformedException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    MalformedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}

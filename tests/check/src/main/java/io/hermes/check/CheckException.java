package io.hermes.check;

/** The check cannot go on; the message is one line that says what to do. */
final class CheckException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CheckException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command line, or a file that it names, is wrong. */
    static CheckException usage(String message) {
        return new CheckException(2, message);
    }

    static CheckException failed(String message) {
        return new CheckException(1, message);
    }

    int exitCode() {
        return exitCode;
    }
}

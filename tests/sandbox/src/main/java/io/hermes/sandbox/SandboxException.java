package io.hermes.sandbox;

/** The sandbox cannot run; the message is one line that says what to do. */
final class SandboxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    SandboxException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}

package io.hermes.loadgen;

/** Something that the person at the command line can put right; the message says how. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private BenchException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static BenchException failed(String message) {
        return new BenchException(1, message);
    }

    static BenchException usage(String message) {
        return new BenchException(2, message);
    }

    int exitCode() {
        return exitCode;
    }
}

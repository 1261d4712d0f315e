package io.hermes.applier;

/** An operator gave up a request that the app of this incarnation was given: the next incarnation leaves it out. */
final class SkipFoundException extends Exception {

    private static final long serialVersionUID = 1;

    private final long position;
    private final String reason;

    SkipFoundException(long position, String reason) {
        super("the request at position " + position + " was given up by an operator after this app was given it");
        this.position = position;
        this.reason = reason;
    }

    long position() {
        return position;
    }

    /** In the operator's words. */
    String reason() {
        return reason;
    }
}

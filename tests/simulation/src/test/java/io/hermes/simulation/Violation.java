package io.hermes.simulation;

/** A promise was broken. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}

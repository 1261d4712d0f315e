package io.hermes.applier;

/** Going on would be a guess: only a person can help. */
final class HaltException extends Exception {

    private static final long serialVersionUID = 1;

    HaltException(String message) {
        super(message);
    }
}

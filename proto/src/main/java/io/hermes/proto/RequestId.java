package io.hermes.proto;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names one request for ever, across all its repeats, whichever ingress they come through. */
public sealed interface RequestId {

    /** The longest key of a client, in characters. */
    int KEY_CHARACTERS_MAX = 255;

    /**
     * What a client sees, and sends as {@code Idempotency-Key}.
     *
     * @return the text that {@link #parse} makes an equal id of, given the same principal
     */
    String text();

    /**
     * Reads what a client calls a request.
     *
     * @param text an id as an ingress made it, or else a key of the client's own
     * @param principal on whose behalf the client asks; a key counts within it
     * @return the id
     * @throws IllegalArgumentException if the text is empty, too long, or not printable ASCII
     */
    static RequestId parse(String text, String principal) {
        Matcher made = Made.FORM.matcher(text);
        if (made.matches()) {
            try {
                return new Made(new CorrelationId(new Incarnation(made.group(1)), Long.parseLong(made.group(2))));
            } catch (NumberFormatException e) {
                return new Key(principal, text);
            }
        }
        return new Key(principal, text);
    }

    /**
     * An ingress made it, since the client sent none.
     *
     * @param first the exchange in which the request was sent first
     */
    record Made(CorrelationId first) implements RequestId {

        /** As the launcher names incarnations: a name and 64 random bits. Keys of clients hardly look like that. */
        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9-]{1,47}-[0-9a-f]{16})\\.([1-9][0-9]{0,18})");

        @Override
        public String text() {
            return first.toString();
        }
    }

    /**
     * A client's own key.
     *
     * @param principal on whose behalf the client asks; empty if it did not say
     * @param key 1 to 255 printable ASCII characters
     */
    record Key(String principal, String key) implements RequestId {

        /**
         * Checks the key.
         *
         * @param principal not checked
         * @param key checked
         * @throws IllegalArgumentException if the key is empty, too long, or not printable ASCII
         */
        public Key {
            if (key.isEmpty() || key.length() > KEY_CHARACTERS_MAX) {
                throw new IllegalArgumentException(
                        "a key has 1 to " + KEY_CHARACTERS_MAX + " characters, not " + key.length());
            }
            for (int i = 0; i < key.length(); i++) {
                if (key.charAt(i) < ' ' || key.charAt(i) > '~') {
                    throw new IllegalArgumentException("a key is printable ASCII");
                }
            }
        }

        @Override
        public String text() {
            return key;
        }
    }
}

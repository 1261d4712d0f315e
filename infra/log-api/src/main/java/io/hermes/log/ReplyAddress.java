package io.hermes.log;

/**
 * Where an {@link Inbox} is reached. Opaque: only the backend that made it may interpret it.
 *
 * @param value printable, at most 200 characters, not empty
 */
public record ReplyAddress(String value) {

    /**
     * Checks the bounds.
     *
     * @param value checked
     * @throws IllegalArgumentException if the value is empty or longer than 200 characters
     */
    public ReplyAddress {
        if (value.isEmpty() || value.length() > 200) {
            throw new IllegalArgumentException("a reply address has 1 to 200 characters, not " + value.length());
        }
    }
}

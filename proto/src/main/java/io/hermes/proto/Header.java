package io.hermes.proto;

/**
 * One header field.
 *
 * @param name case kept, not empty; one byte a character (ISO 8859-1)
 * @param value without white space at its ends; one byte a character
 */
public record Header(String name, String value) {

    /**
     * Checks the name.
     *
     * @param name checked
     * @param value not checked
     * @throws IllegalArgumentException if the name is empty
     */
    public Header {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header field needs a name");
        }
    }

    /**
     * Whether this field has a name, in any case (RFC 9110 section 5.1).
     *
     * @param other the name to compare with
     * @return true if it is the same name
     */
    public boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}

package io.hermes.proto;

import java.util.List;

/**
 * What a client asked.
 *
 * @param method any token (RFC 9110 section 9)
 * @param target path and query as they came over the wire, one byte a character
 * @param headers in their order, without hop-by-hop fields
 * @param body without transfer coding; nobody may change it
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are moved, not compared
public record Request(String method, String target, List<Header> headers, byte[] body) {

    /**
     * Checks what every later step relies on.
     *
     * @param method checked
     * @param target checked
     * @param headers copied
     * @param body kept
     * @throws IllegalArgumentException if method or target is empty or holds a blank or a line end
     */
    public Request {
        requireWord("method", method);
        requireWord("target", target);
        headers = List.copyOf(headers);
    }

    private static void requireWord(String what, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("empty " + what);
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ') {
                throw new IllegalArgumentException(what + " with a blank or control character");
            }
        }
    }
}

package io.hermes.proto;

import java.util.List;

/**
 * What the app answered.
 *
 * @param status 200 to 599
 * @param headers in their order, without hop-by-hop fields
 * @param body without transfer coding; nobody may change it
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are moved, not compared
public record Answer(int status, List<Header> headers, byte[] body) {

    /**
     * Checks the status.
     *
     * @param status checked
     * @param headers copied
     * @param body kept
     * @throws IllegalArgumentException if the status is not that of a final answer
     */
    public Answer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("a final answer has a status from 200 to 599, not " + status);
        }
        headers = List.copyOf(headers);
    }
}

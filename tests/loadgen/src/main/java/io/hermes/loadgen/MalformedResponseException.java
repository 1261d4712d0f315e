package io.hermes.loadgen;

import java.io.IOException;

/** What came is no HTTP response. */
final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedResponseException(String message) {
        super(message);
    }
}

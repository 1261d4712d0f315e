package io.hermes.loadgen;

/** How a request may end without a status. */
enum ErrorKind {
    REFUSED("connect refused"),
    BROKEN("connection broken"),
    TIMEOUT("timeout"),
    MALFORMED("malformed response");

    private final String words;

    ErrorKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}

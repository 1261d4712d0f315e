package io.hermes.log.direct;

/**
 * Where replies reach this process.
 *
 * @param keys what the keys of the configuration begin with, for messages: {@code replies} or {@code reads}
 * @param host that appliers use to reach it; also what is listened on, unless that is given
 * @param listenHost the address to listen on
 * @param port to listen on; 0 takes a free one
 * @param replyBytesMax the longest piece that is sent and taken, the same at both ends; longer ones are not sent
 * @param waitingBytesMax bytes of replies that wait for one connection; more are dropped
 */
public record DirectConfig(
        String keys, String host, String listenHost, int port, int replyBytesMax, int waitingBytesMax) {

    /**
     * Checks the bounds.
     *
     * @param keys not checked
     * @param host checked
     * @param listenHost not checked
     * @param port checked
     * @param replyBytesMax checked
     * @param waitingBytesMax checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public DirectConfig {
        require(!host.isEmpty() && host.length() <= 150, keys + ".host is '" + host + "', wanted 1 to 150 characters");
        require(port >= 0 && port <= 65_535, keys + ".port is " + port + ", wanted 0 to 65535");
        require(replyBytesMax >= 1 && waitingBytesMax >= 1, "replies have a positive bound");
    }

    /**
     * The usual bounds.
     *
     * @param host that appliers use
     * @param listenHost the address to listen on
     * @param port to listen on; 0 takes a free one
     * @return pieces of replies up to 16 MiB, 4 MiB waiting for each connection beyond one piece
     */
    public static DirectConfig of(String host, String listenHost, int port) {
        return of("replies", host, listenHost, port);
    }

    /**
     * The usual bounds, for what is configured under other keys.
     *
     * @param keys what they begin with
     * @param host that the other side uses
     * @param listenHost the address to listen on
     * @param port to listen on; 0 takes a free one
     * @return pieces up to 16 MiB, 4 MiB waiting for each connection beyond one piece
     */
    public static DirectConfig of(String keys, String host, String listenHost, int port) {
        return new DirectConfig(keys, host, listenHost, port, 16 << 20, 4 << 20);
    }

    /**
     * The same for longer pieces, if need be.
     *
     * @param bytes that a piece may have
     * @return takes pieces of so many bytes, or of more
     */
    public DirectConfig withPiecesUpTo(int bytes) {
        return new DirectConfig(keys, host, listenHost, port, Math.max(replyBytesMax, bytes), waitingBytesMax);
    }

    /**
     * The same with more waiting for each connection, if need be.
     *
     * @param bytes that may wait
     * @return has so many bytes wait, or more
     */
    public DirectConfig withWaitingUpTo(int bytes) {
        return new DirectConfig(keys, host, listenHost, port, replyBytesMax, Math.max(waitingBytesMax, bytes));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

package io.hermes.log.bookkeeper;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * How to reach ZooKeeper and the bookies, and what is asked of them.
 *
 * @param zooKeeper {@code host:port}, several separated by commas
 * @param root path below which the log and the board are kept; another root is another log
 * @param ledgersPath where BookKeeper keeps its own notes
 * @param copies how many bookies hold each entry
 * @param acknowledged copies that must be on disk before a record counts as appended
 * @param recordBytesMax the longest record that is appended
 * @param deliveryTimeout after which an append that has no answer ends as unknown; keep it below the request deadline
 * @param startTimeout how long to wait for ZooKeeper at the start
 * @param rolling when a ledger is followed by the next
 * @param sequencer whether and where this process takes the appends of all
 * @param clientProperties BookKeeper's own settings, such as TLS and authentication; what our promises rest on cannot be
 *     changed here
 */
public record BookKeeperConfig(
        String zooKeeper,
        String root,
        String ledgersPath,
        int copies,
        int acknowledged,
        int recordBytesMax,
        Duration deliveryTimeout,
        Duration startTimeout,
        Rolling rolling,
        SequencerConfig sequencer,
        Map<String, String> clientProperties) {

    /** An entry and its framing must fit into what bookies take, 5 MiB unless they are told otherwise. */
    private static final int RECORD_BYTES_MAX = 4 * 1024 * 1024;

    /**
     * When a ledger is closed and followed by the next.
     *
     * @param bytes written to it
     * @param age since its first entry
     */
    public record Rolling(long bytes, Duration age) {

        /**
         * Checks the values.
         *
         * @param bytes at least 1
         * @param age at least 1 ms
         * @throws IllegalArgumentException naming the value out of bounds
         */
        public Rolling {
            checkRange("bytes of a ledger", bytes, 1, Long.MAX_VALUE);
            checkRange("age of a ledger in ms", age.toMillis(), 1, Long.MAX_VALUE);
        }
    }

    /**
     * How this process may become the one that writes.
     *
     * @param candidate whether it may
     * @param host as other processes reach it
     * @param listen address that it listens on
     * @param port 0 takes a free one
     * @param takeOverAfter silence of the present sequencer after which another takes over
     */
    public record SequencerConfig(boolean candidate, String host, String listen, int port, Duration takeOverAfter) {

        /**
         * Checks the values.
         *
         * @param candidate kept
         * @param host not empty
         * @param listen not empty
         * @param port 0 to 65535
         * @param takeOverAfter 100 ms to an hour
         * @throws IllegalArgumentException naming the value out of bounds
         */
        public SequencerConfig {
            check(!host.isBlank() && host.length() <= 255, "the sequencer's host is empty or too long");
            check(!listen.isBlank(), "the sequencer's address is empty");
            checkRange("port of the sequencer", port, 0, 65_535);
            checkRange("patience with a sequencer in ms", takeOverAfter.toMillis(), 100, 3_600_000);
        }

        /**
         * A process that only forwards.
         *
         * @return to be used by appliers and tools
         */
        public static SequencerConfig never() {
            return new SequencerConfig(false, "127.0.0.1", "127.0.0.1", 0, Duration.ofSeconds(1));
        }

        /**
         * A candidate on the loopback interface.
         *
         * @return for everything on one machine
         */
        public static SequencerConfig loopback() {
            return new SequencerConfig(true, "127.0.0.1", "127.0.0.1", 0, Duration.ofSeconds(1));
        }
    }

    /**
     * Checks the values.
     *
     * @param zooKeeper not empty
     * @param root begins with a slash and does not end with one
     * @param ledgersPath begins with a slash and does not end with one
     * @param copies 1 to 20
     * @param acknowledged 1 to the copies
     * @param recordBytesMax 1 to 4 MiB
     * @param deliveryTimeout 100 ms to an hour
     * @param startTimeout 1 ms to an hour
     * @param rolling kept
     * @param sequencer kept
     * @param clientProperties copied
     * @throws IllegalArgumentException naming the value out of bounds
     */
    public BookKeeperConfig {
        check(!zooKeeper.isBlank(), "ZooKeeper's address is empty");
        checkPath("root", root);
        checkPath("ledgers' path", ledgersPath);
        checkRange("copies of an entry", copies, 1, 20);
        checkRange("copies to be acknowledged", acknowledged, 1, copies);
        checkRange("bytes of a record", recordBytesMax, 1, RECORD_BYTES_MAX);
        checkRange("delivery timeout in ms", deliveryTimeout.toMillis(), 100, 3_600_000);
        checkRange("start timeout in ms", startTimeout.toMillis(), 1, 3_600_000);
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * The defaults: three copies of which two must be acknowledged, records up to 1 MiB, 8 s for an append, 30 s for the
     * start, ledgers of 512 MiB or an hour.
     *
     * @param zooKeeper {@code host:port}, several separated by commas
     * @param root path of the log
     * @param sequencer whether and where this process takes the appends of all
     * @return the configuration
     */
    public static BookKeeperConfig of(String zooKeeper, String root, SequencerConfig sequencer) {
        return new BookKeeperConfig(
                zooKeeper,
                root,
                "/ledgers",
                3,
                2,
                1024 * 1024,
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                new Rolling(512L * 1024 * 1024, Duration.ofHours(1)),
                sequencer,
                Map.of());
    }

    /**
     * With other ledgers.
     *
     * @param value in place of the present rule
     * @return a changed copy
     */
    public BookKeeperConfig withRolling(Rolling value) {
        return new BookKeeperConfig(
                zooKeeper,
                root,
                ledgersPath,
                copies,
                acknowledged,
                recordBytesMax,
                deliveryTimeout,
                startTimeout,
                value,
                sequencer,
                clientProperties);
    }

    /** Tells of {@code clientProperties} the names alone: the values may be passwords. */
    @Override
    public String toString() {
        return "BookKeeperConfig[zooKeeper=" + zooKeeper + ", root=" + root + ", ledgersPath=" + ledgersPath
                + ", sequencer=" + sequencer + ", clientProperties=" + new TreeSet<>(clientProperties.keySet()) + "]";
    }

    private static void checkPath(String what, String path) {
        check(
                path.startsWith("/") && path.length() > 1 && !path.endsWith("/"),
                "the " + what + " is '" + path + "', wanted a path such as /hermes");
    }

    private static void checkRange(String what, long value, long min, long max) {
        check(value >= min && value <= max, what + ": " + value + " is not within " + min + " to " + max);
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}

package io.hermes.log.bookkeeper;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Measures, one append at a time, when it is acknowledged and when another process's reader has it. Not a test: run its main
 * method with the number of appends.
 */
final class TailBench {

    private TailBench() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        BookKeeperConfig config = SharedCluster.config("bench");
        try (BookKeeperLogBackend writer = SharedCluster.open(config);
                BookKeeperLogBackend other = SharedCluster.open(config);
                LogReader reader = other.log().openReader(Position.START)) {
            BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
            Thread thread = new Thread(
                    () -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            for (LogRecord record : reader.read(1_000_000, Duration.ofSeconds(1))) {
                                seen.add(ByteBuffer.wrap(record.bytes()).getLong());
                            }
                        }
                    },
                    "bench-reader");
            thread.setDaemon(true);
            thread.start();
            for (int run = 0; run < 3; run++) {
                measure(count, writer, seen);
            }
            thread.interrupt();
            thread.join();
        }
        System.exit(0);
    }

    private static void measure(int count, BookKeeperLogBackend writer, BlockingQueue<Long> seen) throws Exception {
        long[] acknowledged = new long[count];
        long[] delivered = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            writer.log().append(ByteBuffer.allocate(128).putLong(start).array()).get();
            acknowledged[i] = System.nanoTime() - start;
            while (seen.take() != start) {
                // An earlier one.
            }
            delivered[i] = System.nanoTime() - start;
        }
        Arrays.sort(acknowledged);
        Arrays.sort(delivered);
        System.out.printf(
                "acknowledged p50 %d us p99 %d us, delivered p50 %d us p90 %d us p99 %d us max %d us%n",
                acknowledged[count / 2] / 1000,
                acknowledged[count * 99 / 100] / 1000,
                delivered[count / 2] / 1000,
                delivered[count * 9 / 10] / 1000,
                delivered[count * 99 / 100] / 1000,
                delivered[count - 1] / 1000);
    }
}

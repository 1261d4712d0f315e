package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Appends one record after the other and remembers what became of each. */
final class Appender {

    private final OrderedLog log;
    private final Map<Position, String> appended = new HashMap<>();
    private int called;
    private int unknown;
    private int rejected;
    private long longestNanos;

    Appender(OrderedLog log) {
        this.log = log;
    }

    /** Appends until as many have succeeded; an append that does not is not repeated. */
    void append(int count) throws Exception {
        int wanted = appended.size() + count;
        long beganNanos = System.nanoTime();
        while (appended.size() < wanted) {
            String text = "record " + called++;
            AppendOutcome outcome =
                    log.append(text.getBytes(StandardCharsets.UTF_8)).get(30, TimeUnit.SECONDS);
            if (outcome instanceof AppendOutcome.Appended done) {
                appended.put(done.position(), text);
                longestNanos = Math.max(longestNanos, System.nanoTime() - beganNanos);
                beganNanos = System.nanoTime();
            } else if (outcome instanceof AppendOutcome.Unknown) {
                unknown++;
            } else {
                rejected++;
            }
            assertThat(unknown + rejected).as("appends that failed").isLessThan(1_000);
        }
    }

    /** Between two appends that succeeded; the first begins with the call. */
    Duration longestPause() {
        return Duration.ofNanos(longestNanos);
    }

    void forgetPauses() {
        longestNanos = 0;
    }

    /** Every appended record is at its place, and nothing is there twice. */
    void assertKept(OrderedLog reads) {
        List<String> texts = new ArrayList<>();
        Map<Position, String> delivered = new HashMap<>();
        Position last = appended.keySet().stream().max(Position::compareTo).orElse(Position.START);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Position reached = Position.START;
        try (LogReader reader = reads.openReader(Position.START)) {
            while (last.isAfter(reached)) {
                assertThat(System.nanoTime())
                        .as("reading took too long, reached " + reached)
                        .isLessThan(endNanos);
                for (LogRecord record : reader.read(1_000_000, Duration.ofSeconds(1))) {
                    assertThat(record.position()).isGreaterThan(reached);
                    reached = record.position();
                    String text = new String(record.bytes(), StandardCharsets.UTF_8);
                    texts.add(text);
                    delivered.put(reached, text);
                }
            }
        }
        assertThat(appended).isNotEmpty();
        assertThat(delivered).containsAllEntriesOf(appended);
        assertThat(texts).doesNotHaveDuplicates();
    }
}

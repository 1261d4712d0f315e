package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SteppedSchedulerTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final MemoryCluster cluster = new MemoryCluster("stepped", 100, scheduler);
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);

    @Test
    void appendHappensWhenItIsStepped() {
        CompletableFuture<AppendOutcome> outcome = backend.log().append(new byte[] {1});
        assertThat(outcome).isNotDone();

        scheduler.step(0);

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(delivered()).hasSize(1);
    }

    @Test
    void appendsMayHappenInAnyOrder() {
        var unused = backend.log().append(new byte[] {1});
        var unusedToo = backend.log().append(new byte[] {2});

        scheduler.step(1);
        scheduler.step(0);

        assertThat(delivered()).extracting(record -> record.bytes()[0]).containsExactly((byte) 2, (byte) 1);
    }

    @Test
    void lostAppendIsUnknownAndNotStored() {
        CompletableFuture<AppendOutcome> outcome = backend.log().append(new byte[] {1});

        scheduler.lose(0, false);

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(delivered()).isEmpty();
    }

    @Test
    void appendWhoseAnswerIsLostIsUnknownAndStored() {
        CompletableFuture<AppendOutcome> outcome = backend.log().append(new byte[] {1});

        scheduler.lose(0, true);

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(delivered()).hasSize(1);
    }

    @Test
    void outstandingAppendOfACrashedProcessIsUnknown() {
        CompletableFuture<AppendOutcome> outcome = backend.log().append(new byte[] {1});

        backend.crash();

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Unknown.class);
    }

    private List<LogRecord> delivered() {
        try (LogReader reader = new MemoryLogBackend(cluster).log().openReader(Position.START)) {
            return reader.read(1000, Duration.ZERO);
        }
    }
}

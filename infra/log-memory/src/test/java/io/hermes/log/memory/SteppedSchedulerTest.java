package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Bulletin;
import io.hermes.log.Inbox;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SteppedSchedulerTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final MemoryCluster cluster = new MemoryCluster("stepped", 100, scheduler);
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final List<String> told = new ArrayList<>();

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

    @Test
    void appendOfACrashedProcessMayHappenAllTheSame() {
        var unused = backend.log().append(new byte[] {1});
        backend.crash();

        scheduler.step(0);

        assertThat(delivered()).hasSize(1);
    }

    @Test
    void readerFindsNothingWithoutWaiting() {
        try (LogReader reader = backend.log().openReader(Position.START)) {
            assertThat(reader.read(1000, Duration.ofDays(1))).isEmpty();
        }
    }

    @Test
    void replyArrivesWhenItIsStepped() {
        Inbox inbox = openInbox();
        new MemoryLogBackend(cluster).replies().reply(inbox.address(), new byte[] {1});
        assertThat(told).isEmpty();

        scheduler.step(0);

        assertThat(told).containsExactly("1");
    }

    @Test
    void lostReplyVanishes() {
        Inbox inbox = openInbox();
        new MemoryLogBackend(cluster).replies().reply(inbox.address(), new byte[] {1});

        scheduler.lose(0, false);

        assertThat(scheduler.pending()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void replyThatIsSteppedAfterACrashArrivesNowhere() {
        Inbox inbox = openInbox();
        new MemoryLogBackend(cluster).replies().reply(inbox.address(), new byte[] {1});
        backend.crash();

        scheduler.step(0);

        assertThat(told).isEmpty();
    }

    @Test
    void olderNoticeThatComesLateUndoesNothing() {
        watch();
        backend.bulletin().publish("a", new byte[] {1});
        backend.bulletin().publish("a", new byte[] {2});

        scheduler.step(1);
        scheduler.step(0);

        assertThat(told).containsExactly("a=2");
    }

    @Test
    void noticeThatComesAfterItsWithdrawalIsNotShown() {
        watch();
        backend.bulletin().publish("a", new byte[] {1});
        backend.bulletin().withdraw("a");

        scheduler.step(1);
        scheduler.step(0);

        assertThat(scheduler.pending()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void repeatedNoticeIsToldAgain() {
        watch();
        backend.bulletin().publish("a", new byte[] {1});

        scheduler.repeat(0);
        scheduler.step(0);

        assertThat(told).containsExactly("a=1", "a=1");
    }

    @Test
    void appendIsNeverRepeated() {
        var unused = backend.log().append(new byte[] {1});

        assertThatThrownBy(() -> scheduler.repeat(0)).hasMessageContaining("append");
    }

    @Test
    void replyIsNeverRepeated() {
        Inbox inbox = openInbox();
        backend.replies().reply(inbox.address(), new byte[] {1});

        assertThatThrownBy(() -> scheduler.repeat(0)).hasMessageContaining("reply");
    }

    @Test
    void whatFollowsFromAnEventIsRunToo() {
        Inbox inbox = openInbox();
        Inbox relay = new MemoryLogBackend(cluster).replies().openInbox("relay", reply -> backend.replies()
                .reply(inbox.address(), reply));
        backend.replies().reply(relay.address(), new byte[] {1});

        scheduler.runAll();

        assertThat(told).containsExactly("1");
    }

    private Inbox openInbox() {
        return backend.replies().openInbox("inbox", reply -> told.add(Byte.toString(reply[0])));
    }

    private void watch() {
        var unused = new MemoryLogBackend(cluster).bulletin().watch(new Bulletin.Watcher() {
            @Override
            public void onValue(String key, byte[] value) {
                told.add(key + "=" + value[0]);
            }

            @Override
            public void onWithdrawn(String key) {
                told.add(key + " withdrawn");
            }
        });
    }

    private List<LogRecord> delivered() {
        try (LogReader reader = new MemoryLogBackend(cluster).log().openReader(Position.START)) {
            return reader.read(1000, Duration.ZERO);
        }
    }
}

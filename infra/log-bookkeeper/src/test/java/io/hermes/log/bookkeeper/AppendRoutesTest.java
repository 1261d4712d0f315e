package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AppendRoutesTest {

    private final AtomicLong clockNanos = new AtomicLong();
    private final AppendRoutes routes = new AppendRoutes(Duration.ofSeconds(8), clockNanos::get);
    private final List<Append> sent = new ArrayList<>();

    @Test
    void appendThatNobodyHasPutAsideYetIsNotRejected() {
        Deadline deadline = new Deadline(0);

        deadline.onGivenUp("too late");

        assertThat(deadline.outcome()).isCompletedWithValue(new AppendOutcome.Unknown("too late"));
    }

    @Test
    void appendThatIsRejectedIsNotSentAnyMore() {
        Deadline deadline = new Deadline(0);
        deadline.onWaiting();

        deadline.onGivenUp("too late");

        assertThat(deadline.outcome()).isCompletedWithValue(new AppendOutcome.Rejected("too late"));
        assertThat(deadline.onLeaving()).isFalse();
    }

    @Test
    void whatWaitedTooLongIsRejectedAndForgotten() {
        CompletableFuture<AppendOutcome> outcome = routes.append(new byte[1]);

        passDeadline();

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Rejected.class);
        assertThat(routes.waiting()).isZero();
        routes.toRoute(this::send);
        assertThat(sent).isEmpty();
    }

    @Test
    void whatWasSentAndNotAnsweredIsUnknown() {
        routes.toRoute(this::send);
        CompletableFuture<AppendOutcome> outcome = routes.append(new byte[1]);

        passDeadline();

        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Unknown.class);
    }

    @Test
    void whatWaitsIsSentInOrderWhenThereIsASequencer() {
        for (int i = 0; i < 3; i++) {
            assertThat(routes.append(new byte[] {(byte) i})).isNotDone();
        }

        routes.toRoute(this::send);

        assertThat(sent).extracting(append -> append.record()[0]).containsExactly((byte) 0, (byte) 1, (byte) 2);
    }

    @Test
    void routesAreNotCalledUnderTheLock() {
        assertThat(routes.append(new byte[1])).isNotDone();
        List<Boolean> locked = new ArrayList<>();

        routes.toRoute(append -> locked.add(Thread.holdsLock(routes)));

        assertThat(locked).containsExactly(false);
    }

    @Test
    void closedRoutesEndWhatIsOutstanding() {
        CompletableFuture<AppendOutcome> waiting = routes.append(new byte[1]);
        routes.toRoute(this::send);
        CompletableFuture<AppendOutcome> away = routes.append(new byte[1]);

        routes.close();

        assertThat(waiting.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(away.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(routes.append(new byte[1]).join()).isInstanceOf(AppendOutcome.Rejected.class);
    }

    private boolean send(Append append) {
        return sent.add(append);
    }

    private void passDeadline() {
        clockNanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        routes.onTick();
    }
}

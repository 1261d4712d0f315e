package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelAppClientTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    /** What the app has been given, by position. */
    private final Set<Long> given = ConcurrentHashMap.newKeySet();

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch testIsOver = new CountDownLatch(1);

    @AfterEach
    void endAllRequests() {
        testIsOver.countDown();
    }

    @Test
    void requestsThatDoNotConflictOverlap() throws Exception {
        CountDownLatch all = new CountDownLatch(4);
        try (ThreadedApp app = app(position -> {
                    all.countDown();
                    return all.await(20, TimeUnit.SECONDS) ? "met" : "alone";
                });
                App client = app.client(1, 4, LONG)) {
            client.apply(List.of(call(1, "a"), call(2, "b"), call(3, "c"), call(4, "d")), ToldAnswers.into(told));

            assertThat(told).containsExactly("1: met", "2: met", "3: met", "4: met");
        }
    }

    @Test
    void slowRequestHoldsUpOnlyWhatConflictsWithIt() throws Exception {
        CountDownLatch others = new CountDownLatch(6);
        try (ThreadedApp app = app(position -> {
                    if (position == 1) {
                        return others.await(20, TimeUnit.SECONDS) ? "overtaken" : "not overtaken";
                    }
                    others.countDown();
                    return "ok";
                });
                App client = app.client(1, 2, LONG)) {
            List<AppCall> calls = new ArrayList<>();
            calls.add(call(1, "slow"));
            LongStream.rangeClosed(2, 7).forEach(position -> calls.add(call(position, "quick")));

            client.apply(calls, ToldAnswers.into(told));

            assertThat(told).hasSize(7).startsWith("1: overtaken", "2: ok").endsWith("7: ok");
        }
    }

    @Test
    void requestsThatConflictNeverOverlap() throws Exception {
        assertThat(mostAtOnce(
                        8,
                        LongStream.rangeClosed(1, 20)
                                .mapToObj(position -> call(position, "same"))
                                .toList()))
                .isEqualTo(1);
    }

    @Test
    void undeclaredRequestsNeverOverlap() throws Exception {
        List<AppCall> calls = new ArrayList<>();
        LongStream.rangeClosed(1, 20)
                .forEach(position ->
                        calls.add(position % 2 == 0 ? undeclared(position) : call(position, "key " + position)));

        assertThat(mostAtOnce(8, calls)).isEqualTo(1);
    }

    @Test
    void noMoreRequestsOverlapThanThereAreConnections() throws Exception {
        assertThat(mostAtOnce(
                        3,
                        LongStream.rangeClosed(1, 40)
                                .mapToObj(position -> call(position, "key " + position))
                                .toList()))
                .isEqualTo(3);
    }

    @Test
    void earliestWithoutAnAnswerIsOvertakenBySoManyOnly() throws Exception {
        int count = LaneRound.AHEAD_MAX + 50;
        try (ThreadedApp app = app(position -> {
                    if (position == 1) {
                        await().atMost(Duration.ofSeconds(20)).until(() -> given.size() >= LaneRound.AHEAD_MAX);
                        // What must not come would come now.
                        TimeUnit.MILLISECONDS.sleep(50);
                        return "overtaken by " + (given.size() - 1);
                    }
                    return "ok";
                });
                App client = app.client(1, 2, LONG)) {
            List<AppCall> calls = LongStream.rangeClosed(1, count)
                    .mapToObj(position -> call(position, "key " + position))
                    .toList();

            client.apply(calls, ToldAnswers.into(told));

            assertThat(told).hasSize(count).startsWith("1: overtaken by " + (LaneRound.AHEAD_MAX - 1));
        }
    }

    @Test
    void allThatWasSentAndNotToldIsInDoubt() throws Exception {
        CountDownLatch later = new CountDownLatch(2);
        try (ThreadedApp app = app(position -> {
                    if (position == 3) {
                        later.await();
                        return null;
                    }
                    if (position > 3) {
                        later.countDown();
                    }
                    return "ok";
                });
                App client = app.client(1, 3, LONG)) {
            AppInDoubtException doubt =
                    doubt(client, call(1, "a"), call(3, "b"), call(5, "c"), call(7, "d"), call(9, "b"));

            assertThat(told).containsExactly("1: ok");
            assertThat(doubt.position()).isEqualTo(3);
            assertThat(doubt.lastPosition()).isEqualTo(7);
            assertThat(doubt.mayStillRun()).isFalse();
            assertThat(doubt).hasMessageContainingAll("without an answer, position 3", "from position 3 to 7");
            assertThat(given).doesNotContain(9L);
        }
    }

    @Test
    void whatIsAnsweredSoonAfterADoubtIsNotInDoubt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch failing = new CountDownLatch(1);
        try (ThreadedApp app = app(position -> {
                    if (position == 2) {
                        asked.await();
                        failing.countDown();
                        return null;
                    }
                    asked.countDown();
                    failing.await();
                    TimeUnit.MILLISECONDS.sleep(100);
                    return "ok";
                });
                App client = app.client(1, 2, LONG)) {
            AppInDoubtException doubt = doubt(client, call(1, "a"), call(2, "b"), call(3, "c"));

            assertThat(told).containsExactly("1: ok");
            assertThat(doubt.position()).isEqualTo(2);
            assertThat(doubt.lastPosition()).isEqualTo(2);
            assertThat(given).doesNotContain(3L);
        }
    }

    @Test
    void whoTakesLongIsNotWaitedForAfterADoubt() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        try (ThreadedApp app = app(position -> {
                    if (position == 2) {
                        hanging.await();
                        return null;
                    }
                    hanging.countDown();
                    testIsOver.await();
                    return "late";
                });
                App client = app.client(1, 2, LONG)) {
            AppInDoubtException doubt = doubt(client, call(1, "a"), call(2, "b"), call(3, "c"));

            assertThat(doubt.position()).isEqualTo(1);
            assertThat(doubt.lastPosition()).isEqualTo(2);
            assertThat(doubt.mayStillRun()).isTrue();
            assertThat(given).doesNotContain(3L);
        }
    }

    @Test
    void clientGoesOnAfterADoubt() throws Exception {
        try (ThreadedApp app = app(position -> position == 2 ? null : "ok");
                App client = app.client(4, 4, LONG)) {
            var unused = doubt(client, call(1, "a"), call(2, "b"), call(3, "c"));
            close(client);
            told.clear();

            client.apply(List.of(call(4, "a"), call(5, "b"), call(6, "c")), ToldAnswers.into(told));

            assertThat(told).containsExactly("4: ok", "5: ok", "6: ok");
        }
    }

    @Test
    void appThatEndedIsGoneIfNothingIsInDoubt() throws Exception {
        try (ThreadedApp app = app(position -> "ok");
                App client = app.client(1, 4, LONG)) {
            close(app);

            assertThatThrownBy(() -> client.apply(List.of(call(1, "a"), call(2, "b")), ToldAnswers.into(told)))
                    .isInstanceOf(AppGoneException.class)
                    .hasMessageContaining("ended");
        }
    }

    @Test
    void stopReachesAllLanes() throws Exception {
        CountDownLatch hanging = new CountDownLatch(3);
        try (ThreadedApp app = app(position -> {
                    hanging.countDown();
                    testIsOver.await();
                    return "late";
                });
                App client = app.client(1, 3, LONG)) {
            CompletableFuture<AppInDoubtException> ended =
                    CompletableFuture.supplyAsync(() -> doubt(client, call(1, "a"), call(2, "b"), call(3, "c")));
            hanging.await();

            client.stop();

            AppInDoubtException doubt = ended.get(20, TimeUnit.SECONDS);
            assertThat(doubt).hasMessageContaining("stopping");
            assertThat(doubt.position()).isEqualTo(1);
            assertThat(doubt.lastPosition()).isEqualTo(3);
        }
    }

    @Test
    void interruptEndsTheWaitAndIsKept() throws Exception {
        CountDownLatch hanging = new CountDownLatch(2);
        try (ThreadedApp app = app(position -> {
                    hanging.countDown();
                    testIsOver.await();
                    return "late";
                });
                App client = app.client(1, 2, LONG)) {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller = new Thread(
                    () -> {
                        var unused = doubt(client, call(1, "a"), call(2, "b"));
                        interrupted.complete(Thread.currentThread().isInterrupted());
                    },
                    "test-caller");
            caller.start();
            hanging.await();

            caller.interrupt();

            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeEndsTheThreadsAndTheNextUseBeginsOthers() throws Exception {
        try (ThreadedApp app = app(position -> "ok");
                App client = app.client(1, 4, LONG)) {
            assertThat(laneThreads()).isEmpty();
            client.apply(List.of(call(1, "a"), call(2, "b")), ToldAnswers.into(told));
            assertThat(laneThreads()).contains("applier-lane-0", "applier-lane-1");

            close(client);
            close(client);
            assertThat(laneThreads()).isEmpty();

            client.apply(List.of(call(3, "a"), call(4, "b")), ToldAnswers.into(told));
            close(client);
            assertThat(laneThreads()).isEmpty();
            assertThat(told).containsExactly("1: ok", "2: ok", "3: ok", "4: ok");
        }
    }

    @Test
    void requestsWithoutCompanyNeedNoThread() throws Exception {
        try (ThreadedApp app = app(position -> "ok");
                App client = app.client(1, 4, LONG)) {
            client.apply(
                    List.of(call(1, "a"), call(2, "a"), undeclared(3), undeclared(4), call(5, "b")),
                    ToldAnswers.into(told));

            assertThat(told).hasSize(5);
            assertThat(laneThreads()).isEmpty();
        }
    }

    @Test
    void failureOfWhoIsToldLeavesNoLaneAtWork() throws Exception {
        try (ThreadedApp app = app(position -> "ok");
                App client = app.client(1, 4, LONG)) {
            App.Answers failing = new App.Answers() {
                @Override
                public void onAnswer(AppCall call, AppAnswer answer) {
                    throw new IllegalStateException("planted");
                }

                @Override
                public void onPause() {
                    // Not what fails.
                }
            };
            List<AppCall> calls = LongStream.rangeClosed(1, 30)
                    .mapToObj(position -> call(position, "key " + position))
                    .toList();

            assertThatThrownBy(() -> client.apply(calls, failing)).hasMessage("planted");

            client.apply(List.of(call(31, "a"), call(32, "b")), ToldAnswers.into(told));
            assertThat(told).containsExactly("31: ok", "32: ok");
        }
    }

    /** How many requests the app had under way at once, at most. */
    private int mostAtOnce(int connections, List<AppCall> calls) throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ThreadedApp app = app(position -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    TimeUnit.MILLISECONDS.sleep(3);
                    now.decrementAndGet();
                    return "ok";
                });
                App client = app.client(1, connections, LONG)) {
            client.apply(calls, ToldAnswers.into(told));
        }
        assertThat(told).hasSize(calls.size());
        return most.get();
    }

    private interface Script {
        @Nullable
        String answer(long position) throws InterruptedException;
    }

    private ThreadedApp app(Script script) throws Exception {
        return new ThreadedApp((target, position) -> {
            given.add(position);
            return script.answer(position);
        });
    }

    /** Long before the block that opened it ends. */
    private static void close(AutoCloseable closeable) throws Exception {
        closeable.close();
    }

    private AppInDoubtException doubt(App client, AppCall... calls) {
        return Objects.requireNonNull(catchThrowableOfType(
                AppInDoubtException.class, () -> client.apply(List.of(calls), ToldAnswers.into(told))));
    }

    private static AppCall call(long position, String conflict) {
        return Calls.withConflict(undeclared(position), conflict);
    }

    private static AppCall undeclared(long position) {
        return Calls.call(position, Calls.request("POST", "/", "body"));
    }

    private static List<String> laneThreads() {
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        return all.keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("applier-lane-"))
                .toList();
    }
}

package io.hermes.log.tck;

import io.hermes.log.AppendOutcome;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Appends for tests, and waits for how the appends end. */
final class Outcomes {

    private final Supplier<Duration> patience;

    Outcomes(Supplier<Duration> patience) {
        this.patience = patience;
    }

    AppendOutcome of(CompletableFuture<AppendOutcome> append) {
        try {
            return append.get(patience.get().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("an append's future completes in time and never exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Of an append that has to succeed. */
    Position position(CompletableFuture<AppendOutcome> append) {
        return of(append)
                .match(
                        AppendOutcome.Appended::position,
                        rejected -> {
                            throw new AssertionError("rejected: " + rejected.reason());
                        },
                        unknown -> {
                            throw new AssertionError("unknown: " + unknown.reason());
                        });
    }

    /** Positions of those that ended as appended. */
    List<Position> appended(List<CompletableFuture<AppendOutcome>> appends) {
        List<Position> positions = new ArrayList<>();
        for (CompletableFuture<AppendOutcome> append : appends) {
            if (of(append) instanceof AppendOutcome.Appended appended) {
                positions.add(appended.position());
            }
        }
        return positions;
    }

    /** The records r0, r1, … without waiting for one before the next. */
    static List<CompletableFuture<AppendOutcome>> start(OrderedLog log, int count) {
        List<CompletableFuture<AppendOutcome>> appends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            appends.add(log.append(Reading.bytes("r" + i)));
        }
        return appends;
    }

    /** The records r0, r1, … and where they stand, in the order of the calls. */
    List<Position> appendMany(OrderedLog log, int count) {
        return start(log, count).stream().map(this::position).toList();
    }

    /** Appends one text after the other until one has succeeded; each may be in the log. */
    void appendPatiently(OrderedLog log, Supplier<String> texts) {
        Awaitility.await("an append that succeeds")
                .pollDelay(Duration.ZERO)
                .atMost(patience.get().multipliedBy(2))
                .pollInSameThread()
                .until(() -> of(log.append(Reading.bytes(texts.get()))) instanceof AppendOutcome.Appended);
    }

    /** Another writer's thread. */
    static <T> CompletableFuture<T> onThread(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        };
        new Thread(task, "contract-writer-0").start();
        return result;
    }
}

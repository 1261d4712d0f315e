package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.byPosition;
import static io.hermes.log.tck.Reading.bytes;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.opentest4j.TestAbortedException;

/**
 * What was seen of one restart of the brokers while a writer went on and a reader stayed open. Restarts take seconds, so that
 * several tests look at the same one.
 *
 * @param before what was in the log when the restart began
 * @param after what a new reader delivered at the end
 * @param byOpenReader what the reader that had stayed open delivered after {@code before}
 * @param appended where the appends stand that were called during the restart and ended as appended
 * @param texts what that new reader delivered, in order
 * @param longestCall of those calls of append
 */
record RestartRun(
        SortedMap<Position, String> before,
        SortedMap<Position, String> after,
        SortedMap<Position, String> byOpenReader,
        List<Position> appended,
        List<String> texts,
        Duration longestCall) {

    static RestartRun of(Supplier<OrderedLog> logs, Runnable restart, Reading reading, Outcomes outcomes) {
        OrderedLog log = logs.get();
        outcomes.appendMany(log, 20);
        try (LogReader reader = log.openReader(Position.START)) {
            SortedMap<Position, String> before = byPosition(reading.toEnd(log, reader));
            List<CompletableFuture<AppendOutcome>> appends = new ArrayList<>();
            long longestNanos = 0;
            CompletableFuture<Boolean> restarting = Outcomes.onThread(() -> {
                restart.run();
                return true;
            });
            do {
                byte[] record = bytes("r" + (20 + appends.size()));
                long calledNanos = System.nanoTime();
                appends.add(log.append(record));
                longestNanos = Math.max(longestNanos, System.nanoTime() - calledNanos);
            } while (!endsSoon(restarting));
            List<Position> appended = outcomes.appended(appends);
            AtomicInteger attempts = new AtomicInteger();
            outcomes.appendPatiently(log, () -> "after " + attempts.incrementAndGet());
            SortedMap<Position, String> byOpenReader = byPosition(reading.toEnd(log, reader));
            var delivered = reading.toEnd(logs.get(), Position.START);
            return new RestartRun(
                    before,
                    byPosition(delivered),
                    byOpenReader,
                    appended,
                    Reading.texts(delivered),
                    Duration.ofNanos(longestNanos));
        }
    }

    private static boolean endsSoon(CompletableFuture<?> future) {
        try {
            future.get(10, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TestAbortedException aborted) {
                throw aborted;
            }
            throw new AssertionError("the fixture restarts its brokers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

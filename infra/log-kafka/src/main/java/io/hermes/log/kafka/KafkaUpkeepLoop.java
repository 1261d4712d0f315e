package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread {@code hermes-kafka-upkeep-0}: everything that must happen again and again without being asked for. */
final class KafkaUpkeepLoop implements AutoCloseable {

    /** One such thing; must not block. */
    record Task(Runnable work, long everyMillis) {}

    private static final Logger LOG = LoggerFactory.getLogger(KafkaUpkeepLoop.class);

    private final List<Task> tasks;
    private final FaultHandler faults;
    private final ScheduledExecutorService thread;

    KafkaUpkeepLoop(List<Task> tasks, FaultHandler faults) {
        this.faults = faults;
        this.tasks = List.copyOf(tasks);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(work -> KafkaThreads.daemon("hermes-kafka-upkeep-0", work));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // tasks never end, and report their own failures
    void start() {
        for (Task task : tasks) {
            thread.scheduleWithFixedDelay(() -> guarded(task), 0, task.everyMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("upkeep did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void guarded(Task task) {
        try {
            task.work().run();
        } catch (RuntimeException e) {
            // An executor would drop the task for ever, and appends with it.
            LOG.warn("upkeep failed and is tried again", e);
        } catch (Error e) {
            faults.onFatal("a task of upkeep ended", e);
            throw e;
        }
    }
}

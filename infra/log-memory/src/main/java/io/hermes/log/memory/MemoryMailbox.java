package io.hermes.log.memory;

import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Hands values to one callback, in the order in which they came and one at a time, on the thread of whoever brought one. A
 * value brought by the callback itself waits until the callback has returned.
 */
final class MemoryMailbox<T> {

    /** Values beyond it, while a callback takes its time, are lost: everything handed over here may be. */
    static final int WAITING_MAX = 10_000;

    private static final long CLOSE_MAX_SECONDS = 5;

    private final Consumer<T> callback;
    private final Queue<T> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    // A lock and not confinement, since any thread brings values.
    private final ReentrantLock delivering = new ReentrantLock();
    // Volatile: closed by one thread, looked at by those that deliver.
    private volatile boolean closed;

    MemoryMailbox(Consumer<T> callback) {
        this.callback = callback;
    }

    /** Only remembers the value, so that it may be called under the cluster's lock. */
    void put(T value) {
        if (!closed) {
            var unused = waiting.offer(value);
        }
    }

    /** Without the cluster's lock: the callback may do whatever it likes. */
    void deliver() {
        // Looked at again after unlocking: a value may have come while its bringer found the lock taken.
        while (!waiting.isEmpty() && !delivering.isHeldByCurrentThread() && delivering.tryLock()) {
            try {
                T value = waiting.poll();
                if (value != null && !closed) {
                    callback.accept(value);
                }
            } finally {
                delivering.unlock();
            }
        }
    }

    /** Nothing is handed over after this returns, except to a callback that hangs for seconds. */
    void close() {
        closed = true;
        waiting.clear();
        try {
            if (delivering.tryLock(CLOSE_MAX_SECONDS, TimeUnit.SECONDS)) {
                delivering.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.hermes.applier;

/** Waits that end soon for another reason, and must not be left before: an interrupt is kept for later. */
final class Uninterrupted {

    /** A wait with a result. */
    interface Wait<T> {
        T await() throws InterruptedException;
    }

    /** A wait without one. */
    interface PlainWait {
        void await() throws InterruptedException;
    }

    private Uninterrupted() {}

    static <T> T get(Wait<T> wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void run(PlainWait wait) {
        boolean unused = get(() -> {
            wait.await();
            return true;
        });
    }
}

package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who goes on with a connection, and when. */
@Timeout(60)
class IngressThreadsTest {

    private final IngressThreads threads = new IngressThreads(8, System::nanoTime);
    private final List<String> went = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        threads.start();
    }

    @AfterEach
    void stop() throws Exception {
        threads.stop();
    }

    @Test
    void connectionGoesOnAtOnceWhenThereIsNoBurst() {
        threads.execute(connection(() -> {}));

        awaitWent(1);
    }

    @Test
    void oneThreadGoesOnWithAllOfABurstOnceItIsOver() throws Exception {
        threads.begin();
        for (int i = 0; i < 50; i++) {
            threads.execute(connection(() -> {}));
        }
        // Time for one to be woken too early.
        Thread.sleep(50);
        int inTheBurst = went.size();

        threads.end();

        awaitWent(50);
        assertThat(inTheBurst).isZero();
        assertThat(Set.copyOf(went)).hasSize(1);
    }

    @Test
    void burstsOnSeveralThreadsAreAllWaitedForAndNothingIsLeftBehind() throws Exception {
        List<Thread> answering = IntStream.range(0, 4)
                .mapToObj(number -> new Thread(() -> {
                    for (int burst = 0; burst < 500; burst++) {
                        threads.around(() -> threads.execute(connection(() -> {})));
                    }
                }))
                .collect(Collectors.toList());
        answering.forEach(Thread::start);
        for (Thread each : answering) {
            each.join();
        }

        awaitWent(2_000);
    }

    @Test
    void connectionThatKeepsItsThreadHoldsUpNobodyElse() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        threads.execute(connection(() -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        awaitWent(1);
        threads.execute(connection(() -> {}));
        // Longer than a connection may keep its thread before another one takes over.
        Thread.sleep(5);

        threads.tick();

        awaitWent(2);
        free.countDown();
        threads.execute(connection(() -> {}));
        awaitWent(3);
    }

    @Test
    void failureOfOneConnectionIsNoOtherOnes() {
        threads.around(() -> {
            threads.execute(connection(() -> {
                throw new AssertionError("planted");
            }));
            threads.execute(connection(() -> {}));
        });

        awaitWent(2);
    }

    @Test
    void othersTasksRunBesideEachOtherAlsoInABurst() throws Exception {
        CountDownLatch together = new CountDownLatch(2);
        AtomicInteger met = new AtomicInteger();
        threads.begin();
        for (int i = 0; i < 2; i++) {
            threads.execute(() -> {
                together.countDown();
                try {
                    together.await();
                    met.incrementAndGet();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> met.get() == 2);
        threads.end();
    }

    private void awaitWent(int connections) {
        await().atMost(Duration.ofSeconds(10)).until(() -> went.size() == connections);
    }

    /** What Jetty hands to its pool: a connection that is a task as well. */
    private Runnable connection(Runnable also) {
        return (Runnable) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class, Runnable.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("run")) {
                        went.add(Thread.currentThread().getName());
                        also.run();
                    }
                    return null;
                });
    }
}

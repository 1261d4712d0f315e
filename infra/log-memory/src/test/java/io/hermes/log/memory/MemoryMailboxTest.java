package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MemoryMailboxTest {

    @Test
    void callbackIsCalledOneAtATimeWhateverThreadBringsValues() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger delivered = new AtomicInteger();
        MemoryMailbox<Integer> mailbox = new MemoryMailbox<>(value -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            delivered.incrementAndGet();
            inside.decrementAndGet();
        });

        IntStream.range(0, 2_000).parallel().forEach(value -> bring(mailbox, value));

        Awaitility.await("all values").until(() -> delivered.get() == 2_000);
        assertThat(most).hasValue(1);
    }

    @Test
    void valueBroughtByTheCallbackWaitsForItToReturn() {
        List<String> trace = new ArrayList<>();
        CompletableFuture<MemoryMailbox<Integer>> itself = new CompletableFuture<>();
        MemoryMailbox<Integer> mailbox = new MemoryMailbox<>(value -> {
            trace.add("begin " + value);
            if (value == 1) {
                bring(itself.join(), 2);
            }
            trace.add("end " + value);
        });
        itself.complete(mailbox);

        bring(mailbox, 1);

        assertThat(trace).containsExactly("begin 1", "end 1", "begin 2", "end 2");
    }

    @Test
    void closeWaitsForTheCallbackThatRuns() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        AtomicInteger delivered = new AtomicInteger();
        MemoryMailbox<Integer> mailbox = new MemoryMailbox<>(value -> {
            entered.countDown();
            await(mayLeave);
            delivered.incrementAndGet();
        });
        CompletableFuture<Void> bringing = CompletableFuture.runAsync(() -> bring(mailbox, 1));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Integer> deliveredAtClose = CompletableFuture.supplyAsync(() -> {
            mailbox.close();
            return delivered.get();
        });

        mayLeave.countDown();

        assertThat(deliveredAtClose).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
        assertThat(bringing).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void callbackMayCloseItsOwnMailbox() {
        List<Integer> delivered = new ArrayList<>();
        CompletableFuture<MemoryMailbox<Integer>> itself = new CompletableFuture<>();
        MemoryMailbox<Integer> mailbox = new MemoryMailbox<>(value -> {
            delivered.add(value);
            itself.join().close();
        });
        itself.complete(mailbox);
        mailbox.put(1);
        mailbox.put(2);

        mailbox.deliver();

        assertThat(delivered).containsExactly(1);
    }

    @Test
    void valuesBeyondTheBoundAreLost() {
        List<Integer> delivered = new ArrayList<>();
        MemoryMailbox<Integer> mailbox = new MemoryMailbox<>(delivered::add);
        for (int i = 0; i <= MemoryMailbox.WAITING_MAX; i++) {
            mailbox.put(i);
        }

        mailbox.deliver();

        assertThat(delivered).hasSize(MemoryMailbox.WAITING_MAX).doesNotContain(MemoryMailbox.WAITING_MAX);
    }

    private static void bring(MemoryMailbox<Integer> mailbox, int value) {
        mailbox.put(value);
        mailbox.deliver();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

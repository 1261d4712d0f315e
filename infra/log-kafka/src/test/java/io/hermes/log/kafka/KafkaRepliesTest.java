package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.Inbox;
import io.hermes.log.ReplyAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class KafkaRepliesTest {

    private static final Duration WAIT = Duration.ofSeconds(20);

    @Test
    void incarnationsOnOnePartitionDoNotHearEachOther() {
        String first = "a";
        String second = otherOnTheSamePartition(first);
        List<String> heardByFirst = new CopyOnWriteArrayList<>();
        List<String> heardBySecond = new CopyOnWriteArrayList<>();
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config());
                Inbox inbox = backend.replies().openInbox(first, reply -> heardByFirst.add(text(reply)));
                Inbox other = backend.replies().openInbox(second, reply -> heardBySecond.add(text(reply)))) {
            backend.replies().reply(inbox.address(), bytes("one"));
            backend.replies().reply(other.address(), bytes("two"));
            await().atMost(WAIT).until(() -> heardByFirst.size() + heardBySecond.size() >= 2);
            assertThat(heardByFirst).containsExactly("one");
            assertThat(heardBySecond).containsExactly("two");
        }
    }

    @Test
    void addressesOfAnotherKindVanish() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config());
                Inbox inbox = backend.replies().openInbox("a", reply -> heard.add(text(reply)))) {
            for (String address : new String[] {"nonsense", ":", "-1:a", "99999:a", "99999999999:a"}) {
                backend.replies().reply(new ReplyAddress(address), bytes("lost"));
            }
            backend.replies().reply(inbox.address(), bytes("kept"));
            await().atMost(WAIT).until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("kept");
        }
    }

    @Test
    void partitionOfAnIncarnationNeverChanges() {
        assertThat(KafkaReplyBus.partitionOf("ingress-0-1795415973835", 8)).isEqualTo(1);
    }

    private static String otherOnTheSamePartition(String incarnation) {
        int number = 0;
        while (KafkaReplyBus.partitionOf("b" + number, 4) != KafkaReplyBus.partitionOf(incarnation, 4)) {
            number++;
        }
        return "b" + number;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

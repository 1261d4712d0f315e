package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hermes.log.Inbox;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The clauses of {@link ReplyBus}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class ReplyBusContract extends ContractTest {

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> receivedByOther = new CopyOnWriteArrayList<>();

    /** For subclasses. */
    protected ReplyBusContract() {}

    @Test
    @Clause("R1")
    void replyArrivesOnceWithItsBytes() {
        Inbox inbox = openInbox(open().replies(), received);
        ReplyBus sender = open().replies();

        for (int i = 0; i < 100; i++) {
            sender.reply(inbox.address(), bytes("reply " + i));
        }

        awaitReply(received, "reply 99");
        assertThat(received).doesNotHaveDuplicates();
        assertThat(received).hasSize(100);
    }

    @Test
    @Clause("R2")
    void replyArrivesAtNoOtherInbox() {
        Inbox inbox = openInbox(open().replies(), received);
        Inbox other = openInbox(open().replies(), receivedByOther);
        ReplyBus sender = open().replies();

        sender.reply(inbox.address(), bytes("mine"));
        sender.reply(other.address(), bytes("theirs"));

        awaitReply(received, "mine");
        awaitReply(receivedByOther, "theirs");
        assertThat(received).containsExactly("mine");
        assertThat(receivedByOther).containsExactly("theirs");
    }

    @Test
    @Clause("R3")
    void replyToNobodyVanishes() {
        Inbox gone = openInbox(open().replies(), receivedByOther);
        ReplyAddress nowhere = gone.address();
        gone.close();
        Inbox inbox = openInbox(open().replies(), received);
        ReplyBus sender = open().replies();

        assertThatCode(() -> sender.reply(nowhere, bytes("lost"))).doesNotThrowAnyException();

        sender.reply(inbox.address(), bytes("next"));
        awaitReply(received, "next");
        assertThat(receivedByOther).isEmpty();
    }

    @Test
    @Clause("R4")
    void closedInboxIsHandedNothing() {
        ReplyBus bus = open().replies();
        Inbox inbox = openInbox(bus, received);
        Inbox witness = openInbox(bus, receivedByOther);
        ReplyBus sender = open().replies();

        inbox.close();
        sender.reply(inbox.address(), bytes("late"));
        sender.reply(witness.address(), bytes("witnessed"));

        awaitReply(receivedByOther, "witnessed");
        assertThat(received).isEmpty();
    }

    @Test
    @Clause("R5")
    void replySentRightAfterOpeningArrives() {
        ReplyBus sender = open().replies();
        Inbox inbox = openInbox(open().replies(), received);

        sender.reply(inbox.address(), bytes("first"));

        awaitReply(received, "first");
        assertThat(received).containsExactly("first");
    }

    private static Inbox openInbox(ReplyBus bus, List<String> into) {
        return bus.openInbox(
                "inbox-" + UUID.randomUUID(), reply -> into.add(new String(reply, StandardCharsets.UTF_8)));
    }

    private void awaitReply(List<String> in, String reply) {
        Awaitility.await(reply).atMost(patience()).until(() -> in.contains(reply));
    }
}

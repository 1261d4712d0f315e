package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hermes.log.Inbox;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The clauses of {@link ReplyBus}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class ReplyBusContract extends ContractTest {

    private static final int MANY = 100;

    /** For subclasses. */
    protected ReplyBusContract() {}

    @Test
    @Clause("R1")
    void replyArrivesOnce() {
        Opened inbox = openInbox(open().replies());
        ReplyBus sender = open().replies();
        List<String> sent =
                IntStream.range(0, MANY).mapToObj(number -> "reply " + number).toList();

        sent.forEach(reply -> sender.reply(inbox.address(), bytes(reply)));

        sent.forEach(reply -> awaitReply(inbox, reply));
        // Whatever was sent twice had its time while this went the same way.
        sender.reply(inbox.address(), bytes("last"));
        awaitReply(inbox, "last");
        assertThat(inbox.received()).doesNotHaveDuplicates();
    }

    @Test
    @Clause("R1")
    void replyArrivesWithItsBytes() {
        List<byte[]> received = new CopyOnWriteArrayList<>();
        Inbox inbox = open().replies().openInbox(incarnation(), received::add);
        byte[] reply = new byte[1000];
        for (int i = 0; i < reply.length; i++) {
            reply[i] = (byte) (i * 31);
        }

        open().replies().reply(inbox.address(), reply.clone());

        Awaitility.await("the reply").atMost(patience()).until(() -> !received.isEmpty());
        assertThat(received).singleElement().isEqualTo(reply);
    }

    @Test
    @Clause("R2")
    void replyArrivesAtNoOtherInbox() {
        Opened inbox = openInbox(open().replies());
        Opened other = openInbox(open().replies());
        ReplyBus sender = open().replies();

        for (int i = 0; i < MANY; i++) {
            sender.reply(inbox.address(), bytes("mine"));
            sender.reply(other.address(), bytes("theirs"));
        }
        sender.reply(inbox.address(), bytes("my last"));
        sender.reply(other.address(), bytes("their last"));

        awaitReply(inbox, "my last");
        awaitReply(other, "their last");
        assertThat(inbox.received()).isNotEmpty().doesNotContain("theirs", "their last");
        assertThat(other.received()).isNotEmpty().doesNotContain("mine", "my last");
    }

    @Test
    @Clause("R3")
    void replyToAClosedInboxHarmsNobody() {
        ReplyBus bus = open().replies();
        Opened gone = openInbox(bus);
        gone.inbox().close();
        Opened inbox = openInbox(bus);
        ReplyBus sender = open().replies();

        assertThatCode(() -> sender.reply(gone.address(), bytes("lost"))).doesNotThrowAnyException();

        sender.reply(inbox.address(), bytes("next"));
        awaitReply(inbox, "next");
    }

    @Test
    @Clause("R3")
    void replyToAnAddressThatNobodyMadeHarmsNobody() {
        Opened inbox = openInbox(open().replies());
        ReplyBus sender = open().replies();

        assertThatCode(() -> sender.reply(new ReplyAddress("nobody"), bytes("lost")))
                .doesNotThrowAnyException();

        sender.reply(inbox.address(), bytes("next"));
        awaitReply(inbox, "next");
    }

    @Test
    @Clause("R4")
    void closedInboxIsHandedNothing() {
        ReplyBus bus = open().replies();
        Opened closed = openInbox(bus);
        Opened witness = openInbox(bus);
        ReplyBus sender = open().replies();
        sender.reply(closed.address(), bytes("early"));
        awaitReply(closed, "early");

        closed.inbox().close();
        sender.reply(closed.address(), bytes("late"));

        sender.reply(witness.address(), bytes("witnessed"));
        awaitReply(witness, "witnessed");
        assertThat(closed.received()).isNotEmpty().doesNotContain("late");
    }

    @Test
    @Clause("R5")
    void replySentRightAfterOpeningArrives() {
        ReplyBus sender = open().replies();
        ReplyBus bus = open().replies();

        for (int i = 0; i < 3; i++) {
            Opened inbox = openInbox(bus);
            sender.reply(inbox.address(), bytes("first"));
            awaitReply(inbox, "first");
        }
    }

    private record Opened(Inbox inbox, List<String> received) {
        ReplyAddress address() {
            return inbox.address();
        }
    }

    private static String incarnation() {
        return "inbox-" + UUID.randomUUID();
    }

    private static Opened openInbox(ReplyBus bus) {
        List<String> received = new CopyOnWriteArrayList<>();
        Inbox inbox = bus.openInbox(incarnation(), reply -> received.add(new String(reply, StandardCharsets.UTF_8)));
        return new Opened(inbox, received);
    }

    private void awaitReply(Opened at, String reply) {
        Awaitility.await(reply).pollDelay(Duration.ZERO).atMost(patience()).until(() -> at.received()
                .contains(reply));
    }
}

package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Answer;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reply and the end of the client's time may come at once: one of them is the client's, and the other knows. */
class ExchangeTest {

    private static final Client NOBODY = new Client() {
        @Override
        public void reply(RequestId id, Reply reply, String replica) {}

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {}

        @Override
        public void problem(Problem problem) {}
    };

    private static final CorrelationId CORRELATION = new CorrelationId(new Incarnation("ingress-0-1"), 1);

    private final Exchange exchange = exchange(Identity.unnamed(CORRELATION, ""));

    @Test
    void replyThatIsFirstIsTheClients() {
        assertThat(exchange.toReplied()).isTrue();

        assertThat(exchange.toClientDone()).isNull();
        assertThat(exchange.beginKeeping()).as("the client was not told the id").isFalse();
    }

    @Test
    void idThatAClientWasToldIsNotReleasedByALateReply() {
        assertThat(exchange.toClientDone()).isNotNull();

        assertThat(exchange.toReplied()).isFalse();
        assertThat(exchange.isReplied()).isTrue();
        assertThat(exchange.beginKeeping()).isTrue();
    }

    @Test
    void lateReplyFreesTheSlotOfAnIdThatIsKept() {
        assertThat(exchange.toClientDone()).isNotNull();
        assertThat(exchange.beginKeeping()).isTrue();
        assertThat(exchange.toReplied()).as("while it is being kept").isFalse();

        exchange.endKeeping(true);

        assertThat(exchange.toReplied()).isTrue();
    }

    @Test
    void lateReplyFreesTheSlotOfARequestThatItsClientNamed() {
        Exchange named = exchange(new Identity(CORRELATION, new RequestId.Key("", "order 7"), ""));
        assertThat(named.toClientDone()).isNotNull();

        assertThat(named.toReplied()).isTrue();
    }

    @Test
    void clientIsToldOnceThatItsTimeIsOver() {
        assertThat(exchange.toClientDone()).isNotNull();

        assertThat(exchange.toClientDone()).isNull();
    }

    private static Exchange exchange(Identity identity) {
        RequestRecord record = new RequestRecord(
                identity, new Request("GET", "/", List.of(), new byte[0]), 0, 0, "", ReplyRoute.NOBODY, 0, 1);
        return new Exchange(record, 0, NOBODY, 0, 0, false);
    }
}

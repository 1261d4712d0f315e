package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PendingTableTest {

    private final PendingTable table = new PendingTable(4, 100);

    @Test
    void exchangeIsFoundByItsNumber() {
        Exchange exchange = open(1);

        assertThat(table.find(exchange.number())).isSameAs(exchange);
    }

    @Test
    void closedExchangeIsNotFound() {
        Exchange exchange = open(1);

        table.close(exchange);

        assertThat(table.find(exchange.number())).isNull();
    }

    @Test
    void numberThatWasNeverGivenIsNotFound() {
        open(1);

        assertThat(table.find(5)).isNull();
        assertThat(table.find(0)).isNull();
        assertThat(table.find(-3)).isNull();
    }

    @Test
    void lowestUnfinishedIsTheOldestThatWaits() {
        Exchange one = open(1);
        Exchange two = open(1);
        open(1);

        table.close(two);
        assertThat(table.lowestUnfinished()).isEqualTo(1);
        table.close(one);

        assertThat(table.lowestUnfinished()).isEqualTo(3);
    }

    @Test
    void oneThatNeverFinishesBoundsTheTable() {
        open(1);
        for (int i = 0; i < 3; i++) {
            table.close(open(1));
        }

        assertThat(tryOpen(1)).isNull();
    }

    @Test
    void bytesAreBounded() {
        open(60);

        assertThat(tryOpen(60)).isNull();
    }

    @Test
    void closingTwiceFreesOneSlotOnly() {
        Exchange one = open(30);
        open(30);

        table.close(one);
        table.close(one);

        assertThat(table.size()).isEqualTo(1);
        assertThat(tryOpen(80)).isNull();
    }

    @Test
    void exchangesAreShownOldestFirst() {
        open(1);
        Exchange two = open(1);
        open(1);
        table.close(two);
        List<Long> seen = new ArrayList<>();

        table.forEach(exchange -> seen.add(exchange.number()));

        assertThat(seen).containsExactly(1L, 3L);
    }

    private Exchange open(int bytes) {
        Exchange exchange = tryOpen(bytes);
        if (exchange == null) {
            throw new AssertionError("no slot");
        }
        return exchange;
    }

    private @Nullable Exchange tryOpen(int bytes) {
        return table.open(
                bytes,
                (number, lowest) -> new Exchange(
                        new RequestRecord(
                                Identity.unnamed(new CorrelationId(new Incarnation("i"), number), ""),
                                new Request("GET", "/", List.of(), new byte[bytes]),
                                0,
                                0,
                                "",
                                ReplyRoute.NOBODY,
                                0,
                                lowest),
                        bytes,
                        Client.GONE,
                        0,
                        0,
                        false));
    }
}

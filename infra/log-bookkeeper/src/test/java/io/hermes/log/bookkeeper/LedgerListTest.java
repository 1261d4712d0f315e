package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.bookkeeper.LedgerList.Ledger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LedgerListTest {

    private static final LedgerList CHAIN = LedgerList.fresh("id")
            .withEpoch("a:1", new Ledger(10, 1))
            .withLedger(new Ledger(11, 50))
            .withEpoch("b:2", new Ledger(15, 80));

    @Test
    void whatIsWrittenIsRead() {
        assertThat(LedgerList.decode(CHAIN.encode())).isEqualTo(CHAIN);
        assertThat(LedgerList.decode(LedgerList.fresh("id").encode())).isEqualTo(LedgerList.fresh("id"));
    }

    @Test
    void peopleCanReadIt() {
        assertThat(new String(CHAIN.encode(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "hermes-ledgers 1\nlog id\nepoch 2\nsequencer b:2\nledger 10 1\nledger 11 50\nledger 15 80\n");
    }

    @Test
    void positionIsInTheLedgerThatBeginsLastAtOrBeforeIt() {
        assertThat(CHAIN.indexOf(1)).isZero();
        assertThat(CHAIN.indexOf(49)).isZero();
        assertThat(CHAIN.indexOf(50)).isEqualTo(1);
        assertThat(CHAIN.indexOf(1_000)).isEqualTo(2);
    }

    @Test
    void ledgerThatStayedEmptyIsLeftOut() {
        assertThat(CHAIN.withEpoch("c:3", new Ledger(20, 80)).ledgers())
                .containsExactly(new Ledger(10, 1), new Ledger(11, 50), new Ledger(20, 80));
    }

    @Test
    void trimKeepsTheLedgerThatHoldsThePosition() {
        assertThat(CHAIN.trimmedBefore(50).ledgers()).containsExactly(new Ledger(11, 50), new Ledger(15, 80));
        assertThat(CHAIN.trimmedBefore(49)).isEqualTo(CHAIN);
        assertThat(CHAIN.trimmedBefore(1_000).ledgers()).containsExactly(new Ledger(15, 80));
        assertThat(LedgerList.fresh("id").trimmedBefore(5)).isEqualTo(LedgerList.fresh("id"));
    }

    @Test
    void positionBeforeATrimIsInNoLedger() {
        assertThat(CHAIN.trimmedBefore(50).indexOf(49)).isNegative();
    }

    @Test
    void otherTextsAreRefusedWithAReason() {
        assertThatThrownBy(() -> LedgerList.decode("hermes-ledgers 2\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hermes-ledgers 2");
        assertThatThrownBy(() -> LedgerList.decode(
                        "hermes-ledgers 1\nlog a\nepoch 1\nsequencer -\nledger 1\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ledger 1");
    }
}

package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.bookkeeper.BookKeeperConfig.SequencerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgersTest {

    @Test
    void bookKeepersClientDoesNotHoldUpAppends() {
        assertThat(Ledgers.configuration(with(Map.of())).getThrottleValue()).isZero();
    }

    @Test
    void itMayBeToldTo() {
        assertThat(Ledgers.configuration(with(Map.of("throttle", "7000"))).getThrottleValue())
                .isEqualTo(7_000);
    }

    @Test
    void whatPromisesRestOnCannotBeChanged() {
        assertThat(Ledgers.configuration(with(Map.of("delayEnsembleChange", "false")))
                        .getDelayEnsembleChange())
                .isTrue();
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(with(Map.of("tlsKeyStorePassword", "secret")).toString())
                .contains("127.0.0.1:1", "[tlsKeyStorePassword]")
                .doesNotContain("secret");
    }

    private static BookKeeperConfig with(Map<String, String> clientProperties) {
        BookKeeperConfig config = BookKeeperConfig.of("127.0.0.1:1", "/log", SequencerConfig.never());
        return new BookKeeperConfig(
                config.zooKeeper(),
                config.root(),
                config.ledgersPath(),
                config.copies(),
                config.acknowledged(),
                config.recordBytesMax(),
                config.deliveryTimeout(),
                config.startTimeout(),
                config.rolling(),
                config.sequencer(),
                clientProperties);
    }
}

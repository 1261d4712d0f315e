package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, three copies of each record, two needed: the loss of one broker is survived. */
class BrokerLossIT {

    @Test
    void lossOfEachBrokerInTurnLosesNothing(@TempDir Path directory) throws Exception {
        // Given
        try (Demo demo = Demo.in(directory).option("--brokers", "3").start()) {
            Load load = Load.start(8, client -> demo.uri("/insert"));
            load.awaitMore(200);

            // When
            // One of the three leads the log, so each kind of loss is among these.
            for (int broker = 0; broker < 3; broker++) {
                long before = demo.pid("broker-" + broker);
                demo.kill("broker-" + broker);
                demo.awaitNewPid("broker-" + broker, before);
                load.awaitMore(300);
            }
            load.stop();

            // Then
            assertThat(load.broken()).isZero();
            Promises.assertKept(demo, load);
        }
    }
}

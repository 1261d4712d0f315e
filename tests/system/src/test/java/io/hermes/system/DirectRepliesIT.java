package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replies that go straight from applier to ingress: as good as by the brokers, also when either end is killed. */
class DirectRepliesIT {

    @Test
    void killedProcessesCostNothingWhenRepliesGoPastTheBrokers(@TempDir Path directory) throws Exception {
        // Given
        try (Demo demo = Demo.in(directory)
                .option("--ingresses", "2", "--set", "replies.via=direct")
                .start()) {
            Load load = Load.keyed("direct", 8, number -> demo.uri(number % 2, "/insert"));
            load.awaitMore(200);
            // When
            for (String victim : new String[] {"replica-1/applier", "ingress-1", "replica-2/app"}) {
                long before = demo.pid(victim);
                demo.kill(victim);
                demo.awaitNewPid(victim, before);
                load.awaitMore(300);
            }
            load.stop();
            // Then
            assertThat(load.acknowledged()).hasSizeGreaterThan(1_000);
            Promises.assertKept(demo, load);
        }
    }
}

package io.hermes.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The README's containers on BookKeeper: ZooKeeper, four bookies, two ingresses, three replicas, a load balancer. */
class ComposeOnBookKeeperIT {

    @RegisterExtension
    static final Composed COMPOSED = new Composed(
            "hermes-it-bookkeeper", "./hermes compose --backend bookkeeper up", Engine.ZOOKEEPER, Engine.BOOKIE);

    @TempDir
    Path temporary = Path.of("");

    @Test
    void linesOfTheReadmeWorkWithABookieKilled() throws IOException {
        String first = COMPOSED.run("curl -s -d \"hello\" http://127.0.0.1:8000/insert");
        COMPOSED.kill("bookie-2");
        String second =
                COMPOSED.run("curl -s -d \"once\" -H \"Idempotency-Key: order-7\" http://127.0.0.1:8000/insert");
        String line = COMPOSED.run("curl -s http://127.0.0.1:8000/line/1");

        assertThat(first).isEqualTo("written").isEqualTo(second);
        assertThat(line).isEqualTo("\"hello\"");
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(20))
                .until(() -> COMPOSED.replicasAgree(temporary));
        assertThat(COMPOSED.lines(1, temporary)).containsExactly("hello", "once");
    }
}

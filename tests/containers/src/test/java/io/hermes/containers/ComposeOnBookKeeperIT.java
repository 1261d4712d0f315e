package io.hermes.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's containers on BookKeeper: ZooKeeper, four bookies, two ingresses, three replicas, a load balancer. */
class ComposeOnBookKeeperIT {

    private static @Nullable Composed composed;

    @TempDir
    Path temporary = Path.of("");

    @BeforeAll
    static void up() throws IOException {
        Engine.require(
                ComposeOnBookKeeperIT.class, Engine.base(), Engine.ZOOKEEPER, Engine.BOOKIE, Engine.LOAD_BALANCER);
        composed = new Composed("hermes-it-bookkeeper");
        composed.removeAll();
        try {
            composed.up(Readme.line("./hermes compose --backend bookkeeper up"));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + composed.output(), e);
        }
    }

    @AfterAll
    static void down() {
        if (composed != null) {
            composed.removeAll();
        }
    }

    @Test
    void linesOfTheReadmeWorkWithABookieKilled() throws IOException {
        Composed running = composed;
        if (running == null) {
            throw new IllegalStateException("not up");
        }

        String first = running.run("curl -s -d \"hello\" http://127.0.0.1:8000/insert");
        running.kill("bookie-2");
        String second = running.run("curl -s -d \"once\" -H \"Idempotency-Key: order-7\" http://127.0.0.1:8000/insert");
        String line = running.run("curl -s http://127.0.0.1:8000/line/1");

        assertThat(first).isEqualTo("written").isEqualTo(second);
        assertThat(line).isEqualTo("\"hello\"");
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(20))
                .until(() -> running.replicasAgree(temporary));
        assertThat(running.lines(1, temporary)).containsExactly("hello", "once");
    }
}

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Processes of Hermes and of the service are killed while clients work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashIT {

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory).option("--ingresses", "2").start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    void killedApplierComesBackWhileOthersAnswer() throws Exception {
        // Given
        Load load = load("applier");
        load.awaitMore(100);
        long before = demo.pid("replica-1/applier");

        // When
        demo.kill("replica-1/applier");
        load.awaitMore(500);
        demo.awaitNewPid("replica-1/applier", before);
        load.awaitMore(200);
        load.stop();

        // Then
        assertThat(load.statuses()).containsOnlyKeys(200);
        assertThat(load.broken()).isZero();
        Promises.assertKept(demo, load);
    }

    @Test
    void killedAppComesBackAsACopyOfTheOthers() throws Exception {
        // Given
        Load load = load("app");
        load.awaitMore(100);
        long before = demo.pid("replica-2/app");

        // When
        demo.kill("replica-2/app");
        demo.awaitNewPid("replica-2/app", before);
        load.awaitMore(300);
        load.stop();

        // Then
        assertThat(load.statuses()).containsOnlyKeys(200);
        assertThat(load.broken()).isZero();
        Promises.assertKept(demo, load);
    }

    @Test
    void allAppsKilledAtOnceLoseNothing() throws Exception {
        // Given
        Load load = load("all-apps");
        load.awaitMore(100);

        // When
        for (int replica = 0; replica < 3; replica++) {
            demo.kill("replica-" + replica + "/app");
        }
        load.awaitMore(200);
        load.stop();

        // Then
        Promises.assertKept(demo, load);
    }

    @Test
    void killedIngressBreaksOnlyItsOwnConnections() throws Exception {
        // Given
        Load load = load("ingress");
        load.awaitMore(100);
        long before = demo.pid("ingress-1");

        // When
        demo.kill("ingress-1");
        demo.awaitNewPid("ingress-1", before);
        load.awaitMore(300);
        load.stop();

        // Then
        assertThat(load.broken()).isPositive();
        Promises.assertKept(demo, load);
    }

    private Load load(String test) {
        return Load.named(test, 8, client -> demo.uri(client % 2, "/insert"));
    }
}

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that has data already is replicated from then on. */
class AdoptionIT {

    @TempDir
    Path temp = Path.of("");

    @Test
    void everyIncarnationOfADisposableAppBeginsWithTheInitialState() throws Exception {
        // Given
        Path initial = Files.createDirectories(temp.resolve("initial"));
        Files.writeString(initial.resolve("operations.log"), "from before\n");
        try (Demo demo = Demo.in(temp.resolve("data"))
                .option("--set", "app.initial-state=" + initial)
                .start()) {
            demo.post("/insert", "new");
            long before = demo.pid("replica-1/app");
            // When
            demo.kill("replica-1/app");
            demo.awaitNewPid("replica-1/app", before);
            // Then
            assertThat(demo.get("/line/1").body()).isEqualTo("\"from before\"");
            Promises.awaitReplicasAgree(demo);
            assertThat(demo.lines(1)).isEqualTo(List.of("from before", "new"));
        }
    }

    @Test
    void positionAwareAppGoesOnWithTheFilesThatItHas() throws Exception {
        // Given
        for (int replica = 0; replica < 2; replica++) {
            Path app = Files.createDirectories(temp.resolve("data/replica-" + replica + "/app"));
            Files.writeString(app.resolve("operations.log"), "from before\n");
        }
        try (Demo demo = Demo.in(temp.resolve("data"))
                .replicas(2)
                .option("--set", "app.kind=position-aware")
                .start()) {
            // When
            demo.post("/insert", "new");
            // Then
            assertThat(demo.get("/line/1").body()).isEqualTo("\"from before\"");
            Promises.awaitReplicasAgree(demo);
            assertThat(demo.lines(1)).isEqualTo(List.of("from before", "new"));
        }
    }
}

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** A replica that is asked for a snapshot, loses its app's process, and gives the next one what is in the snapshot. */
final class SnapshotRestart {

    private SnapshotRestart() {}

    /** Returns when the replica serves again and the new process was given the snapshot. */
    static void of(Demo demo, String replica) throws Exception {
        demo.awaitAllServing();
        Operator.Ended taken = new Operator(demo).run("snapshot", "--replica", replica);
        assertThat(taken.code()).as(taken.output()).isZero();
        long before = demo.pid(replica + "/app");
        demo.kill(replica + "/app");
        assertThat(demo.isAlive(demo.awaitNewPid(replica + "/app", before))).isTrue();
        await(replica + " begins with its snapshot")
                .atMost(Duration.ofSeconds(30))
                .until(() -> output(demo, replica).contains("replica begins with a snapshot"));
        demo.awaitAllServing();
    }

    private static String output(Demo demo, String replica) throws IOException {
        return Files.readString(
                demo.directory().resolve(replica).resolve("applier").resolve("output.log"));
    }
}

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** What must hold after every scenario, whatever happened in it. */
final class Promises {

    private Promises() {}

    /**
     * G1, G2, G3 and G5 for the sample log app: replicas equal, every acknowledged line in each exactly once, no line twice,
     * and no line that a 503 called not ordered.
     */
    static void assertKept(Demo demo, Load load) throws IOException {
        assertThat(load.statuses().keySet()).isNotEmpty().isSubsetOf(200, 409, 503, 504);
        assertThat(load.acknowledged()).isNotEmpty();
        awaitReplicasAgree(demo);
        List<String> lines = demo.lines(0);
        Set<String> distinct = new HashSet<>(lines);
        assertThat(lines).as("no line twice").hasSize(distinct.size());
        Set<String> lost = new HashSet<>(load.acknowledged());
        lost.removeAll(distinct);
        assertThat(lost).as("no acknowledged line lost").isEmpty();
        Set<String> refusedButOrdered = new HashSet<>(distinct);
        refusedButOrdered.retainAll(load.refused());
        assertThat(refusedButOrdered).as("no refused line ordered").isEmpty();
    }

    /** G1: the files become byte-identical once nothing comes any more. */
    static void awaitReplicasAgree(Demo demo) {
        demo.awaitAllServing();
        Awaitility.await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    for (int replica = 1; replica < demo.replicas(); replica++) {
                        if (java.nio.file.Files.mismatch(demo.file(0), demo.file(replica)) >= 0) {
                            return false;
                        }
                    }
                    return true;
                });
    }
}

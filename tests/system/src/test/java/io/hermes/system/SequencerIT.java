package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** On BookKeeper one ingress writes for all: it dies, or falls asleep, and another takes its place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SequencerIT {

    private static final int INGRESSES = 3;
    private static final Pattern EPOCH = Pattern.compile("Sequencer sequencer epoch=([0-9]+)");
    /** The goal is 3 s for what clients see, and it is measured on a quiet machine; this bound holds on a busy one too. */
    private static final Duration PAUSE_MAX = Duration.ofSeconds(4);
    /** Longer than ZooKeeper's session, which is 6 s. */
    private static final int ASLEEP_SECONDS = 9;

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory)
                .option("--backend", "bookkeeper", "--ingresses", Integer.toString(INGRESSES))
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    void killedSequencerIsReplacedBeforeClientsWaitLong() throws Exception {
        List<Duration> pauses = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            // Given
            int sequencer = sequencer();
            Load load = Load.keyed("killed-" + round, 8, others(sequencer));
            load.awaitMore(200);
            load.longestPause();
            long before = demo.pid("ingress-" + sequencer);
            // When
            demo.kill("ingress-" + sequencer);
            load.awaitMore(200);
            pauses.add(load.longestPause());
            demo.awaitNewPid("ingress-" + sequencer, before);
            demo.awaitReady(sequencer);
            load.stop();
            // Then
            Promises.assertKept(demo, load);
        }
        System.out.println("sequencer killed: no answer for " + pauses);
        assertThat(pauses).allSatisfy(pause -> assertThat(pause).isLessThan(PAUSE_MAX));
    }

    @Test
    void sequencerThatSleptAppendsNothingMoreByItself() throws Exception {
        // Given
        int sequencer = sequencer();
        long epoch = epoch(sequencer);
        Load load = Load.keyed("asleep", 8, others(sequencer));
        Load through = Load.keyed("through-the-sleeper", 2, client -> demo.uri(sequencer, "/insert"));
        load.awaitMore(200);
        through.awaitMore(20);
        load.longestPause();
        long pid = demo.pid("ingress-" + sequencer);
        // When
        signal(pid, "STOP");
        TimeUnit.SECONDS.sleep(ASLEEP_SECONDS);
        Duration pause = load.longestPause();
        int successor = sequencer();
        signal(pid, "CONT");
        through.awaitMore(50);
        load.awaitMore(200);
        load.stop();
        through.stop();
        // Then
        System.out.println("sequencer asleep: no answer for " + pause);
        assertThat(pause).isLessThan(PAUSE_MAX.plusSeconds(1));
        assertThat(successor).isNotEqualTo(sequencer);
        assertThat(epoch(sequencer)).as("it has begun no epoch since").isEqualTo(epoch);
        Promises.assertKept(demo, load);
        Promises.assertKept(demo, through);
    }

    @Test
    void restartOfZooKeeperIsNotNoticedByClients() throws Exception {
        // Given
        Load load = Load.keyed("zookeeper", 8, client -> demo.uri(client % INGRESSES, "/insert"));
        load.awaitMore(200);
        load.longestPause();
        long before = demo.pid("zookeeper");
        // When
        demo.kill("zookeeper");
        demo.awaitNewPid("zookeeper", before);
        load.awaitMore(500);
        Duration pause = load.longestPause();
        load.stop();
        // Then
        assertThat(pause).isLessThan(PAUSE_MAX);
        Promises.assertKept(demo, load);
    }

    @Test
    void lossOfEachBookieInTurnLosesNothing() throws Exception {
        // Given
        Load load = Load.keyed("bookie", 8, client -> demo.uri(client % INGRESSES, "/insert"));
        load.awaitMore(200);
        load.longestPause();
        // When
        for (int bookie = 0; bookie < 3; bookie++) {
            long before = demo.pid("broker-" + bookie);
            demo.kill("broker-" + bookie);
            load.awaitMore(200);
            demo.awaitNewPid("broker-" + bookie, before);
            demo.awaitListening("broker-" + bookie);
        }
        Duration pause = load.longestPause();
        load.stop();
        // Then
        assertThat(pause).isLessThan(PAUSE_MAX);
        Promises.assertKept(demo, load);
    }

    private java.util.function.IntFunction<java.net.URI> others(int sequencer) {
        return client -> demo.uri((sequencer + 1 + client % (INGRESSES - 1)) % INGRESSES, "/insert");
    }

    /** The ingress that has begun the latest epoch. */
    private int sequencer() {
        int[] found = {-1};
        Awaitility.await("a sequencer").atMost(Duration.ofSeconds(20)).until(() -> {
            long latest = 0;
            for (int ingress = 0; ingress < INGRESSES; ingress++) {
                if (epoch(ingress) > latest) {
                    latest = epoch(ingress);
                    found[0] = ingress;
                }
            }
            return latest > 0;
        });
        return found[0];
    }

    /** The latest epoch that an ingress has begun; 0 if none. */
    private long epoch(int ingress) throws IOException {
        Matcher begun = EPOCH.matcher(
                Files.readString(demo.directory().resolve("ingress-" + ingress).resolve("output.log")));
        long latest = 0;
        while (begun.find()) {
            latest = Long.parseLong(begun.group(1));
        }
        return latest;
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.ReplicaState;
import io.hermes.proto.Windows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose app a majority contradicts begins it anew, and nobody else does. */
class QuarantineTest {

    @TempDir
    private Path directory;

    private ComparedReplicas world = new ComparedReplicas(null);

    @BeforeEach
    void makeWorld() {
        world = new ComparedReplicas(directory);
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void replicaThatAMajorityContradictsIsRebuilt() {
        world.begin(ComparedReplica.Wrong.ONCE);

        world.request(8);

        assertThat(world.get(2).appIncarnations()).isEqualTo(2);
        assertThat(world.get(2).states())
                .containsSubsequence(ReplicaState.SERVING, ReplicaState.QUARANTINED, ReplicaState.SERVING)
                .endsWith(ReplicaState.SERVING);
        assertThat(world.get(0).appIncarnations()).isOne();
        assertThat(world.get(1).appIncarnations()).isOne();
    }

    @Test
    void alarmEndsOnceTheReplicaIsRebuilt() {
        world.begin(ComparedReplica.Wrong.ONCE);

        world.request(8);

        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.alarm()).isEmpty();
            assertThat(replica.status().divergence().unequal()).isOne();
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(2);
        });
    }

    @Test
    void replicaWaitsTenSecondsForWhatItHasToTell() throws Exception {
        world.begin(ComparedReplica.Wrong.ONCE);
        world.appendMany(8);
        world.step(2, 20);
        // The others know nothing of the verdict yet, and do not lay open what they answered.
        for (int i = 0; i < 20 && world.digests().size() < 6; i++) {
            world.step(0, 1);
            world.step(1, 1);
        }
        // Of 50 ms each.
        world.step(2, 190);
        int before = world.get(2).appIncarnations();

        world.step(2, 20);

        assertThat(before).isOne();
        assertThat(world.get(2).appIncarnations()).isEqualTo(2);
    }

    @Test
    void replicaThatIsWrongAgainIsNotRebuiltAgain() {
        world.begin(ComparedReplica.Wrong.ALWAYS);

        world.request(40);

        assertThat(world.get(2).appIncarnations()).isEqualTo(2);
        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.status().state()).isEqualTo(ReplicaState.SERVING);
            assertThat(replica.alarm()).contains("replica-2").contains("deterministic");
        });
    }

    @Test
    void nobodyIsRebuiltIfReplicasAreNotListed() {
        world.begin(new Windows(4, List.of(), List.of()), "", ComparedReplica.Wrong.ONCE);

        world.request(8);

        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.appIncarnations()).isOne();
            assertThat(replica.alarm()).contains("settings.replicas");
        });
    }

    @Test
    void appThatKeepsItsStateIsNotRebuilt() {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        world.beginTwo(windows, ComparedReplica.Wrong.NEVER);
        world.add("replica-2", true, windows, "", ComparedReplica.Wrong.ONCE);

        world.request(8);

        assertThat(world.get(2).appIncarnations()).isOne();
        assertThat(world.all())
                .allSatisfy(replica -> assertThat(replica.alarm()).contains("replica-2"));
    }

    @Test
    void replicaThatIsListedNoMoreIsNotRebuilt() {
        world.begin(ComparedReplica.Wrong.ONCE);
        world.list(2, "replica-0", "replica-1");

        world.request(8);

        assertThat(world.get(2).appIncarnations()).isOne();
        assertThat(world.get(0).alarm()).contains("does not name it");
    }
}

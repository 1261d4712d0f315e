package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReplicaState;
import org.junit.jupiter.api.Test;

/** What is made of the replicas' clocks. */
class ReplicaRosterTest {

    private static final long NOW_MILLIS = 1_000_000;

    private long nanos;
    private final ReplicaRoster roster = new ReplicaRoster(
            IngressConfig.of("ingress-0", new Incarnation("ingress-0-1"), "127.0.0.1", 0),
            new Clocks(() -> NOW_MILLIS, () -> nanos));

    @Test
    void oneOfTwoReplicasClocksDoesNotPutOursInDoubt() {
        hear(0, 20_000);

        assertThat(roster.whyClockIsOff()).isNull();
    }

    @Test
    void oneOfTwoReplicasClocksThatIsBehindDoesNotPutOursInDoubt() {
        hear(0, -20_000);

        assertThat(roster.whyClockIsOff()).isNull();
    }

    @Test
    void clockThatBothReplicasContradictIsOff() {
        hear(19_000, 20_000);

        assertThat(roster.whyClockIsOff()).contains("19 s behind");
    }

    @Test
    void clockThatTwoOfThreeReplicasContradictIsOff() {
        hear(0, -20_000, -30_000);

        assertThat(roster.whyClockIsOff()).contains("20 s ahead");
    }

    /** Each replica's clock is so far ahead of ours; each is heard for a second. */
    private void hear(long... aheadMillis) {
        for (int times = 0; times < 2; times++) {
            for (int i = 0; i < aheadMillis.length; i++) {
                Notice notice = new Notice.OfReplica(
                        "replica-" + i,
                        new Incarnation("replica-" + i + "-1"),
                        ReplicaState.SERVING,
                        1,
                        "",
                        1,
                        NOW_MILLIS + aheadMillis[i],
                        0,
                        Notice.Reads.NONE,
                        Notice.Snapshots.NONE,
                        Notice.Divergence.NONE);
                roster.onValue(notice.key(), NoticeCodec.encode(notice));
            }
            nanos += 1_000_000_000;
        }
    }
}

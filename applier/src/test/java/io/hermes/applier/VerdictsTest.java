package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Comparison;
import io.hermes.proto.WindowDigest;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final Windows SETTINGS = new Windows(4, List.of(), List.of("replica-0", "replica-1", "replica-2"));

    private final Verdicts verdicts = new Verdicts(Comparison.NONE);

    @Test
    void replicasOfDifferentVersionsAreNotFoundEqual() {
        deliver(verdicts, said("replica-0", 1, 0, 1));
        deliver(verdicts, said("replica-1", 1, 0, 1));

        deliver(verdicts, new WindowDigestRecord("replica-2", "2", "replica-2.1", 0, digest(9), 4, 0, 4, 0));

        assertThat(verdicts.decided().equalBelow()).isZero();
    }

    @Test
    void equalReplicasAreFoundEqual() {
        deliver(verdicts, said("replica-0", 1, 0, 1));
        deliver(verdicts, said("replica-1", 1, 0, 1));

        deliver(verdicts, said("replica-2", 1, 0, 1));

        assertThat(verdicts.decided().equalBelow()).isOne();
    }

    @Test
    void whoGoesOnFromACheckpointDecidesTheSame() {
        deliver(verdicts, said("replica-0", 1, 1, 1));
        deliver(verdicts, said("replica-0", 1, 8, 1));
        // The next run takes back what the one before said of window 8, too.
        deliver(verdicts, said("replica-0", 2, 1, 2));
        Verdicts restored = new Verdicts(new Comparison(null, verdicts.digests(), verdicts.decided(), List.of()));

        deliver(verdicts, said("replica-1", 1, 0, 1));
        deliver(restored, said("replica-1", 1, 0, 1));

        assertThat(restored.digests()).isEqualTo(verdicts.digests()).hasSize(2);
    }

    @Test
    void whatIsContradictedEarlierMovesTheVerdictBack() {
        for (String replica : List.of("replica-0", "replica-1")) {
            deliver(verdicts, said(replica, 1, 2, 1));
            deliver(verdicts, said(replica, 1, 3, 1));
        }
        deliver(verdicts, said("replica-2", 1, 3, 2));

        deliver(verdicts, said("replica-2", 1, 2, 2));

        assertThat(verdicts.decided().quarantinedAfter()).isEqualTo(8);
    }

    @Test
    void nobodyElseIsRebuiltWhileOneIsNotBack() {
        deliver(verdicts, said("replica-0", 1, 0, 1));
        deliver(verdicts, said("replica-1", 1, 0, 1));
        deliver(verdicts, said("replica-2", 1, 0, 2));
        deliver(verdicts, said("replica-2", 1, 1, 1), 5);
        deliver(verdicts, said("replica-1", 1, 1, 1), 5);

        List<Verdicts.Finding> findings = deliver(verdicts, said("replica-0", 1, 1, 2), 5);

        assertThat(findings)
                .extracting(Verdicts.Finding::kind)
                .containsExactly(Verdicts.Kind.DIFFERENT, Verdicts.Kind.CONTRADICTED);
        assertThat(verdicts.decided().quarantined()).isEqualTo("replica-2");
    }

    private static void deliver(Verdicts to, WindowDigestRecord digest) {
        var unused = deliver(to, digest, 2);
    }

    private static List<Verdicts.Finding> deliver(Verdicts to, WindowDigestRecord digest, int hour) {
        return to.deliver(digest, SETTINGS, Duration.ofHours(hour).toMillis());
    }

    private static WindowDigestRecord said(String replica, int run, long window, int answers) {
        return new WindowDigestRecord(
                replica, "", replica + "." + run, window, digest(answers), 4, window * 4, window * 4 + 4, 0);
    }

    private static WindowDigest digest(int answers) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) answers);
        return WindowDigest.of(bytes);
    }
}

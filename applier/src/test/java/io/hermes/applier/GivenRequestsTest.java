package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.Routes;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a backup keeps of the log behind its snapshot. */
class GivenRequestsTest {

    private static final Settings SETTINGS =
            new Settings(1, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000);

    private final DuplicateTable before = new DuplicateTable();

    @Test
    void requestIsGivenOnce() {
        GivenRequests given = after(Set.of());

        assertThat(given.isGiven(10, Calls.named("b", 2, "x"))).isTrue();
        assertThat(given.isGiven(11, Calls.named("b", 3, "x"))).isFalse();
    }

    @Test
    void repeatOfWhatTheSnapshotHoldsIsNotGiven() {
        var unused = before.deliver(1, Calls.named("a", 1, "x"), 0);

        assertThat(after(Set.of()).isGiven(10, Calls.named("a", 2, "x"))).isFalse();
    }

    @Test
    void copyThatComesAfterItsIngressHasFinishedItIsNotGiven() {
        var first = before.deliver(1, Calls.record(1), 0);
        var next = before.deliver(2, Calls.record(Calls.INGRESS, 2, 0, 2, 0), 0);
        assertThat(first).isNotEqualTo(next);

        assertThat(after(Set.of()).isGiven(10, Calls.record(1))).isFalse();
    }

    @Test
    void requestThatIsGivenUpLaterIsNotGiven() {
        GivenRequests given = after(Set.of(10L));

        assertThat(given.isGiven(10, Calls.record(1))).isFalse();
        assertThat(given.isGiven(11, Calls.record(2))).isTrue();
    }

    @Test
    void cancelledRequestIsNotGiven() {
        GivenRequests given = after(Set.of());
        Identity identity = new Identity(new CorrelationId(Calls.INGRESS, 99), new RequestId.Key("", "b"), "");

        assertThat(given.isGiven(10, new InquiryRecord(identity, true, ReplyRoute.NOBODY, 0)))
                .isFalse();
        assertThat(given.isGiven(11, Calls.named("b", 2, "x"))).isFalse();
    }

    @Test
    void requestThatIsReadOnlyByThenIsNotGiven() {
        GivenRequests given = after(Set.of());
        Settings declaring = new Settings(2, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000)
                .withRoutes(Routes.parse(List.of("path=/insert methods=POST read-only=true")));

        assertThat(given.isGiven(10, Calls.record(1))).isTrue();
        assertThat(given.isGiven(11, new SettingsRecord(declaring))).isFalse();
        assertThat(given.isGiven(12, Calls.record(2))).isFalse();
    }

    @Test
    void settingsOfALaterVersionAreRefused() {
        GivenRequests given = after(Set.of());
        SettingsRecord later = new SettingsRecord(new Settings(
                2, Settings.FEATURE_LEVEL + 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000));

        assertThatThrownBy(() -> given.isGiven(10, later)).hasMessageContaining("feature level");
    }

    private GivenRequests after(Set<Long> skips) {
        Checkpoint checkpoint = new Checkpoint(
                "log-1", 9, 9, 0, before.horizon(), false, SETTINGS, null, List.of(), before.rows(), before.entries());
        return new GivenRequests(checkpoint, skips);
    }
}

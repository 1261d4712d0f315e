package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.SnapshotTakenRecord;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {

    private long nanos;

    @Test
    void snapshotIsDueAfterSoManyRecords() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(10, Duration.ZERO));
        schedule.onApplied(9);
        boolean before = schedule.isDue();

        schedule.onApplied(1);

        assertThat(before).isFalse();
        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void snapshotIsDueAfterSoMuchTimeOnlyIfSomethingWasApplied() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(0, Duration.ofHours(1)));
        nanos += Duration.ofHours(2).toNanos();
        boolean before = schedule.isDue();

        schedule.onApplied(1);

        assertThat(before).isFalse();
        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void nothingIsDueWhileAnotherReplicasIsUnderWay() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);

        schedule.onAsked(7, "replica-1");

        assertThat(schedule.isDue()).isFalse();
    }

    @Test
    void turnComesWhenTheOtherReplicaHasTakenIts() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        schedule.onAsked(7, "replica-1");

        schedule.onTaken(SnapshotTakenRecord.failed("replica-1", "disk full"));

        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void turnDoesNotComeWhileTheOtherReplicaTakesASecondOne() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        schedule.onAsked(7, "replica-1");
        schedule.onAsked(9, "replica-1");

        schedule.onTaken(new SnapshotTakenRecord("replica-1", 7, 1, "ab", ""));
        boolean afterTheFirst = schedule.isDue();
        schedule.onTaken(new SnapshotTakenRecord("replica-1", 11, 1, "cd", ""));

        assertThat(afterTheFirst).isFalse();
        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void turnComesWhenOneSnapshotAnswersBothRecords() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        schedule.onAsked(7, "replica-1");
        schedule.onAsked(9, "replica-1");

        schedule.onTaken(new SnapshotTakenRecord("replica-1", 9, 1, "ab", ""));

        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void turnComesWhenTheOtherReplicaIsSilentForLong() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        schedule.onAsked(7, "replica-1");

        nanos += Duration.ofMinutes(6).toNanos();

        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void failureIsNotRepeatedAtOnce() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        boolean first = schedule.isDue();
        schedule.onAsked(7, "replica-0");
        schedule.onTaken(SnapshotTakenRecord.failed("replica-0", "disk full"));

        nanos += Duration.ofSeconds(30).toNanos();

        assertThat(first).isTrue();
        assertThat(schedule.isDue()).isFalse();
    }

    @Test
    void replicaThatWasSlowerTriesAgainAtOnce() {
        SnapshotSchedule schedule = schedule(new SnapshotConfig.Due(1, Duration.ZERO));
        schedule.onApplied(1);
        boolean first = schedule.isDue();
        schedule.onAsked(7, "replica-1");
        schedule.onAsked(8, "replica-0");
        SnapshotSchedule.Asked asked = schedule.takeAsked(0);
        schedule.onRefused();
        schedule.onTaken(SnapshotTakenRecord.failed("replica-1", ""));

        assertThat(first).isTrue();
        assertThat(asked).isEqualTo(new SnapshotSchedule.Asked(8, "the one of replica-1 is under way"));
        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void whatAnEarlierRunWasAskedForIsRefused() {
        SnapshotSchedule schedule = schedule(SnapshotConfig.Due.NEVER);

        schedule.onAsked(7, "replica-0");

        assertThat(schedule.takeAsked(7))
                .isEqualTo(new SnapshotSchedule.Asked(7, "this replica began anew before it was taken"));
    }

    @Test
    void whatWasAnsweredIsNotAnsweredAgain() {
        SnapshotSchedule schedule = schedule(SnapshotConfig.Due.NEVER);
        schedule.onAsked(7, "replica-0");

        schedule.onTaken(SnapshotTakenRecord.failed("replica-0", "disk full"));

        assertThat(schedule.takeAsked(0)).isNull();
    }

    private SnapshotSchedule schedule(SnapshotConfig.Due due) {
        return new SnapshotSchedule("replica-0", due, () -> nanos);
    }
}

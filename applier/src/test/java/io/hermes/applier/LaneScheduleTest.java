package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LaneScheduleTest {

    private static final int ALL = 100;

    @Test
    void differentValuesGoToDifferentLanes() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "b", "c"), 2, 1);

        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(0, 0));
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(1, 1));
        assertThat(schedule.next(ALL)).isNull();
    }

    @Test
    void whoConflictsWaitsWhileAnotherOvertakesIt() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "a", "b"), 2, 1);

        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(0, 0));
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(2, 1));
    }

    @Test
    void whoConflictsFollowsOnTheSameLaneIfThereIsRoom() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "a", "b", "c"), 2, 2);

        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(0, 0));
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(2, 1));
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(1, 0));
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(3, 1));
        assertThat(schedule.next(ALL)).isNull();
    }

    @Test
    void nextOneMayBeOnAnyLaneOnceTheOneBeforeIsAnswered() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "b", "b"), 2, 1);
        var unusedA = schedule.next(ALL);
        var unusedB = schedule.next(ALL);

        schedule.onAnswer(0);
        assertThat(schedule.next(ALL)).isNull();
        schedule.onAnswer(1);
        assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(2, 0));
    }

    @Test
    void earliestComesFirst() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "b", "a", "c"), 1, 1);

        for (int index = 0; index < 4; index++) {
            assertThat(schedule.next(ALL)).isEqualTo(new LaneSchedule.Step(index, 0));
            schedule.onAnswer(index);
        }
    }

    @Test
    void nothingIsGivenBeyondTheEnd() {
        LaneSchedule schedule = new LaneSchedule(List.of("a", "b"), 2, 1);

        assertThat(schedule.next(1)).isEqualTo(new LaneSchedule.Step(0, 0));
        assertThat(schedule.next(1)).isNull();
        assertThat(schedule.next(2)).isEqualTo(new LaneSchedule.Step(1, 1));
    }
}

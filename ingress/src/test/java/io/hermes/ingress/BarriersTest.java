package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which append serves which read. */
class BarriersTest {

    private static final Client NOBODY = new Client() {
        @Override
        public void reply(RequestId id, Reply reply, String replica) {}

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {}

        @Override
        public void problem(Problem problem) {}
    };

    private long nanos;
    private final List<MemoryEvent> pending = new ArrayList<>();
    private final MemoryLogBackend backend =
            new MemoryLogBackend(new MemoryCluster("log", 1 << 20, pending::add, () -> 1));
    private final Incarnation incarnation = new Incarnation("ingress-0-1");
    private final LogGate gate = new LogGate(backend.log(), incarnation, position -> {}, () -> 1, () -> nanos);
    private final List<Long> passed = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();
    private boolean answeredAtOnce = true;
    private final List<Runnable> later = new ArrayList<>();
    private final Clocks clocks = new Clocks(() -> 1, () -> nanos, (wait, task) -> later.add(task));
    private Turn present = new Turn(0, 0, clocks, () -> {});
    private final List<Long> begun = new ArrayList<>();
    private final Barriers barriers = new Barriers(backend.log(), gate, incarnation, clocks, new Barriers.Passed() {
        @Override
        public void onBegun(List<WaitingRead> reads) {
            reads.forEach(read -> begun.add(read.number()));
        }

        @Override
        public Turn onPassed(List<WaitingRead> reads, long position) {
            reads.forEach(read -> passed.add(read.number()));
            positions.add(position);
            present = new Turn(answeredAtOnce ? 0 : reads.size(), 400_000, clocks, () -> goOn());
            return present;
        }
    });

    @BeforeEach
    void openTheGate() {
        gate.tick();
        happen();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void barrierIsAppendedForAReadAlone() {
        barriers.await(read(1));

        happen();

        assertThat(passed).containsExactly(1L);
    }

    @Test
    void readThatComesWhileABarrierIsUnderWayIsServedByTheNext() {
        barriers.await(read(1));
        barriers.await(read(2));

        happen();
        List<Long> afterTheFirst = List.copyOf(passed);
        happen();

        assertThat(afterTheFirst).containsExactly(1L);
        assertThat(passed).containsExactly(1L, 2L);
    }

    @Test
    void barriersOfOurOwnInARowChangeNothing() {
        for (long number = 1; number <= 3; number++) {
            barriers.await(read(number));
            happen();
        }

        assertThat(passed).containsExactly(1L, 2L, 3L);
        assertThat(Set.copyOf(positions)).hasSize(1);
    }

    @Test
    void whatStandsBetweenTwoBarriersCounts() {
        barriers.await(read(1));
        happen();
        var unused = backend.log().append(new byte[] {1});
        happen();
        barriers.await(read(2));
        happen();
        barriers.await(read(3));
        happen();

        long before = positions.get(0);
        assertThat(positions).containsExactly(before, before + 2, before + 2);
    }

    @Test
    void requestThatFollowsABarrierServesAsOneMoreWould() {
        barriers.await(read(1));
        happen();
        barriers.await(read(2));

        barriers.onAppended(barriers.onCall(), positions.get(0) + 2);

        assertThat(positions.get(1)).isEqualTo(positions.get(0));
    }

    @Test
    void oneBarrierServesAllReadsThatWait() {
        barriers.await(read(1));
        for (long number = 2; number <= 50; number++) {
            barriers.await(read(number));
        }

        happen();
        int underWay = pending.size();
        happen();

        assertThat(underWay).isOne();
        assertThat(passed).hasSize(50);
        assertThat(positions).hasSize(2);
    }

    @Test
    void onlyReadsThatABarrierWasCalledAfterAreToldOfIt() {
        barriers.await(read(1));
        barriers.await(read(2));

        assertThat(begun).containsExactly(1L);
        happen();
        assertThat(begun).containsExactly(1L, 2L);
    }

    @Test
    void readThatWasGivenUpNeedsNoBarrier() {
        barriers.await(read(1));
        WaitingRead givenUp = read(2);
        barriers.await(givenUp);
        givenUp.toDone(new ByteBudget(0));

        happen();

        assertThat(passed).containsExactly(1L);
        assertThat(pending).isEmpty();
    }

    @Test
    void nextBarrierWaitsUntilTheReadsOfTheLastAreAnswered() {
        answeredAtOnce = false;
        barriers.await(read(1));
        happen();
        barriers.await(read(2));
        int whileTheTurnLasts = pending.size();

        present.leave();

        assertThat(whileTheTurnLasts).isZero();
        assertThat(pending).hasSize(1);
    }

    @Test
    void afterALargeTurnReadsGatherAMomentLonger() {
        answeredAtOnce = false;
        barriers.await(read(1));
        for (long number = 2; number <= 21; number++) {
            barriers.await(read(number));
        }
        happen();
        present.leave();
        happen();
        barriers.await(read(22));
        for (int i = 0; i < 20; i++) {
            present.leave();
        }
        barriers.await(read(23));
        int atTheEndOfTheTurn = pending.size();

        nanos += 400_000;
        later.forEach(Runnable::run);

        assertThat(atTheEndOfTheTurn).isZero();
        assertThat(pending).hasSize(1);
    }

    @Test
    void afterALargeTurnNobodyGathersOnceAsManyWaitAgain() {
        answeredAtOnce = false;
        barriers.await(read(1));
        for (long number = 2; number <= 21; number++) {
            barriers.await(read(number));
        }
        happen();
        present.leave();
        happen();
        for (int i = 0; i < 20; i++) {
            present.leave();
        }
        for (long number = 22; number <= 40; number++) {
            barriers.await(read(number));
        }
        int oneIsMissing = pending.size();

        barriers.await(read(41));

        assertThat(oneIsMissing).isZero();
        assertThat(pending).hasSize(1);
    }

    @Test
    void thoseWhoWaitedWhenATurnBeganDoNotStandForThoseItAnswered() {
        answeredAtOnce = false;
        for (long number = 1; number <= 20; number++) {
            barriers.await(read(number));
        }
        happen();
        present.leave();
        for (long number = 21; number <= 39; number++) {
            barriers.await(read(number));
        }
        happen();
        int inTheTurn = passed.size() - 1;
        for (int i = 0; i < inTheTurn; i++) {
            present.leave();
        }
        int atTheEndOfTheTurn = pending.size();
        for (long number = 101; number < 101 + inTheTurn; number++) {
            barriers.await(read(number));
        }

        assertThat(inTheTurn).isEqualTo(19);
        assertThat(atTheEndOfTheTurn).as("19 have waited since before").isZero();
        assertThat(pending).hasSize(1);
    }

    @Test
    void nextBarrierDoesNotWaitForSlowReads() {
        answeredAtOnce = false;
        barriers.await(read(1));
        happen();
        barriers.await(read(2));
        nanos += 3_000_000;

        barriers.await(read(3));

        assertThat(pending).hasSize(1);
    }

    @Test
    void appendThatWasCalledBeforeDoesNotServe() {
        long early = barriers.onCall();
        barriers.await(read(1));

        barriers.onAppended(early, 99);

        assertThat(passed).isEmpty();
    }

    @Test
    void appendThatWasCalledAfterServes() {
        barriers.await(read(1));
        long late = barriers.onCall();

        barriers.onAppended(late, 99);

        assertThat(passed).containsExactly(1L);
        assertThat(positions).as("the record itself need not be applied").containsExactly(98L);
    }

    @Test
    void firstPositionOfALogHasNoneBeforeIt() {
        barriers.await(read(1));

        barriers.onAppended(barriers.onCall(), 0);

        assertThat(positions).containsExactly(0L);
    }

    @Test
    void lostBarrierIsFollowedByAnotherOnceTheGateIsOpenAgain() {
        barriers.await(read(1));
        pending.remove(0).lose(false);
        barriers.goOn();
        assertThat(pending).as("the gate is closed").isEmpty();

        nanos += 1_000_000_000;
        gate.tick();
        happen();
        barriers.goOn();
        happen();

        assertThat(passed).containsExactly(1L);
    }

    private void goOn() {
        barriers.goOn();
    }

    private void happen() {
        List<MemoryEvent> now = List.copyOf(pending);
        pending.clear();
        now.forEach(MemoryEvent::happen);
    }

    private static WaitingRead read(long number) {
        Request request = new Request("GET", "/", List.of(), new byte[0]);
        return new WaitingRead(number, new Submission(request, null, "", ""), ReadLevel.BARRIER, NOBODY, 0, 1);
    }
}

package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.tck.BulletinContract;
import io.hermes.log.tck.BulletinFault;
import io.hermes.log.tck.Fault;
import io.hermes.log.tck.FaultyLogBackend;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;
import io.hermes.log.tck.ReplyBusContract;
import io.hermes.log.tck.ReplyFault;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite is itself tested: against a backend that breaks a promise, exactly the clauses that say so fail. */
class ContractNoticesFaultsTest {

    private static final Map<Fault, Set<String>> LOG = Map.ofEntries(
            Map.entry(Fault.LOSES, Set.of("L2", "L7", "L11", "L13")),
            Map.entry(Fault.REPEATS, Set.of("L4")),
            Map.entry(Fault.REORDERS, Set.of("L1")),
            Map.entry(Fault.OVERTAKES, Set.of("L3")),
            Map.entry(Fault.ALTERS, Set.of("L2")),
            Map.entry(Fault.REVISITS, Set.of("L5")),
            Map.entry(Fault.LIES, Set.of("L6")),
            Map.entry(Fault.SKIPS, Set.of("L8")),
            Map.entry(Fault.OVERTRIMS, Set.of("L8")),
            Map.entry(Fault.BOASTS, Set.of("L9")),
            Map.entry(Fault.STALLS, Set.of("L9")),
            Map.entry(Fault.SHRINKS, Set.of("L10")),
            Map.entry(Fault.FORGETS, Set.of("L11")),
            Map.entry(Fault.DISINHERITS, Set.of("L13")),
            Map.entry(Fault.LINGERS, Set.of("L12")));

    private static final Map<ReplyFault, Set<String>> REPLIES = Map.of(
            ReplyFault.LOSES, Set.of("R1"),
            ReplyFault.REPEATS, Set.of("R1"),
            ReplyFault.CUTS, Set.of("R1"),
            ReplyFault.STRAYS, Set.of("R2"),
            ReplyFault.THROWS, Set.of("R3"),
            ReplyFault.LINGERS, Set.of("R4"),
            ReplyFault.OVERSLEEPS, Set.of("R5"));

    private static final Map<BulletinFault, Set<String>> BULLETIN = Map.of(
            BulletinFault.FORGETS, Set.of("B1"),
            BulletinFault.REVERTS, Set.of("B2"),
            BulletinFault.HIDES, Set.of("B3"),
            BulletinFault.REVIVES, Set.of("B3"),
            BulletinFault.LINGERS, Set.of("B4"));

    @ParameterizedTest
    @EnumSource
    void faultOfTheLogFailsItsClauses(Fault fault) {
        FaultyLog.fault = fault;

        assertThat(ContractRun.of(FaultyLog.class).failedClauses()).isEqualTo(LOG.get(fault));
    }

    @ParameterizedTest
    @EnumSource
    void faultOfTheReplyBusFailsItsClauses(ReplyFault fault) {
        FaultyReplies.fault = fault;

        assertThat(ContractRun.of(FaultyReplies.class).failedClauses()).isEqualTo(REPLIES.get(fault));
    }

    @ParameterizedTest
    @EnumSource
    void faultOfTheBoardFailsItsClauses(BulletinFault fault) {
        FaultyBoard.fault = fault;

        assertThat(ContractRun.of(FaultyBoard.class).failedClauses()).isEqualTo(BULLETIN.get(fault));
    }

    @Test
    void everyClauseIsBrokenBySomeFault() {
        Set<String> clauses = Stream.of(numbered("L", 13), numbered("R", 5), numbered("B", 4))
                .flatMap(names -> names)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> broken = Stream.of(LOG, REPLIES, BULLETIN)
                .flatMap(faults -> faults.values().stream().flatMap(Set::stream))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(broken).isEqualTo(clauses);
    }

    @Test
    void declaredSkipSkipsTheTestsOfItsClauseAlone() {
        assertThat(ContractRun.of(SkippingLog.class).skippedClauses()).containsExactly("L11");
    }

    private static Stream<String> numbered(String port, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> port + number);
    }

    // The kit makes the instances and offers no other way in: what they do wrong is set before.

    /** Run only through the test kit. */
    static final class FaultyLog extends LogContract {
        private static Fault fault = Fault.LOSES;

        private final LogFixture fixture =
                new FaultyFixture((sound, table) -> FaultyLogBackend.of(sound, fault, table));

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }

    /** Run only through the test kit. */
    static final class FaultyReplies extends ReplyBusContract {
        private static ReplyFault fault = ReplyFault.LOSES;

        private final LogFixture fixture =
                new FaultyFixture((sound, table) -> FaultyLogBackend.of(sound, fault, table));

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }

    /** Run only through the test kit. */
    static final class FaultyBoard extends BulletinContract {
        private static BulletinFault fault = BulletinFault.FORGETS;

        private final LogFixture fixture =
                new FaultyFixture((sound, table) -> FaultyLogBackend.of(sound, fault, table));

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }

    /** Run only through the test kit. */
    static final class SkippingLog extends LogContract {
        private final LogFixture fixture = new MemoryFixture(Map.of("L11", "to see that it is skipped"));

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }
}

package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.Fault;
import io.hermes.log.tck.FaultTable;
import io.hermes.log.tck.FaultyLogBackend;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite is itself tested: against a log that breaks a promise, exactly the clauses that say so fail. */
class ContractNoticesFaultsTest {

    private static final Map<Fault, Set<String>> BROKEN = broken();

    @ParameterizedTest
    @EnumSource
    void faultFailsItsClauses(Fault fault) {
        FaultyContract.fault = fault;

        assertThat(ContractRun.of(FaultyContract.class).failedClauses()).isEqualTo(BROKEN.get(fault));
    }

    @Test
    void everyClauseIsBrokenBySomeFault() {
        Set<String> clauses =
                IntStream.rangeClosed(1, 12).mapToObj(number -> "L" + number).collect(Collectors.toSet());

        assertThat(BROKEN.values().stream().flatMap(Set::stream).collect(Collectors.toSet()))
                .isEqualTo(clauses);
    }

    private static Map<Fault, Set<String>> broken() {
        Map<Fault, Set<String>> broken = new EnumMap<>(Fault.class);
        broken.put(Fault.LOSES, clauses("L2", "L7", "L11"));
        broken.put(Fault.REPEATS, clauses("L4"));
        broken.put(Fault.REORDERS, clauses("L1"));
        broken.put(Fault.OVERTAKES, clauses("L3"));
        broken.put(Fault.ALTERS, clauses("L2"));
        broken.put(Fault.REVISITS, clauses("L5"));
        broken.put(Fault.LIES, clauses("L6"));
        broken.put(Fault.SKIPS, clauses("L8"));
        broken.put(Fault.OVERTRIMS, clauses("L8"));
        broken.put(Fault.BOASTS, clauses("L9"));
        broken.put(Fault.STALLS, clauses("L9"));
        broken.put(Fault.SHRINKS, clauses("L10"));
        broken.put(Fault.FORGETS, clauses("L11"));
        broken.put(Fault.LINGERS, clauses("L12"));
        return broken;
    }

    private static Set<String> clauses(String... names) {
        return new TreeSet<>(Arrays.asList(names));
    }

    /** Run only through the test kit. */
    static final class FaultyContract extends LogContract {

        // Set before the kit makes an instance: it offers no other way in.
        private static Fault fault = Fault.LOSES;

        private final LogFixture fixture = new FaultyFixture(fault);

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }

    private static final class FaultyFixture implements LogFixture {

        private final MemoryFixture sound = new MemoryFixture();
        private final Map<String, FaultTable> tables = new ConcurrentHashMap<>();
        private final Fault fault;

        FaultyFixture(Fault fault) {
            this.fault = fault;
        }

        @Override
        public LogBackend open(String logName) {
            FaultTable table = tables.computeIfAbsent(logName, name -> new FaultTable());
            return new FaultyLogBackend(sound.open(logName), fault, table);
        }

        @Override
        public void crash(LogBackend backend) {
            if (backend instanceof FaultyLogBackend faulty) {
                sound.crash(faulty.sound());
            }
        }

        @Override
        public void restartBrokers() {
            tables.values().forEach(FaultTable::onRestart);
            sound.restartBrokers();
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(2);
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}

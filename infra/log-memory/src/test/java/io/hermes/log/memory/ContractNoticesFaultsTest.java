package io.hermes.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.Clause;
import io.hermes.log.tck.Fault;
import io.hermes.log.tck.FaultyLogBackend;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The suite is itself tested: against a log that breaks one promise, exactly the clauses that say so fail. */
class ContractNoticesFaultsTest {

    @ParameterizedTest
    @CsvSource({
        "LOSES, L1 L2 L3 L4 L5 L7 L8 L11",
        "REPEATS, L3 L4 L5 L7 L8",
        "REORDERS, L1 L11",
        "FORGETS, L8",
        "ALTERS, L2 L3 L4",
        "LIES, L6"
    })
    void faultFailsItsClauses(Fault fault, String clauses) {
        FaultyContract.fault = fault;

        Set<String> failed = failedClauses();

        assertThat(failed).isEqualTo(new TreeSet<>(Arrays.asList(clauses.split(" ", -1))));
    }

    private static Set<String> failedClauses() {
        Set<String> failed = new TreeSet<>();
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectClass(FaultyContract.class))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .forEach(event -> event.getTestDescriptor()
                        .getSource()
                        .map(MethodSource.class::cast)
                        .map(source -> source.getJavaMethod().getAnnotation(Clause.class))
                        .ifPresent(clause -> failed.addAll(Arrays.asList(clause.value()))));
        return failed;
    }

    /** Run only through the test kit. */
    static final class FaultyContract extends LogContract {

        // Set before the kit makes an instance: it offers no other way in.
        private static Fault fault = Fault.LOSES;

        private final AtomicInteger readers = new AtomicInteger();

        private final LogFixture fixture = new LogFixture() {
            private final MemoryFixture sound = new MemoryFixture();

            @Override
            public LogBackend open(String logName) {
                return new FaultyLogBackend(sound.open(logName), fault, readers);
            }

            @Override
            public void crash(LogBackend backend) {
                backend.close();
            }

            @Override
            public void restartBrokers() {
                sound.restartBrokers();
            }

            @Override
            public Duration patience() {
                return Duration.ofMillis(300);
            }

            @Override
            public void close() {
                sound.close();
            }
        };

        @Override
        protected LogFixture fixture() {
            return fixture;
        }
    }
}

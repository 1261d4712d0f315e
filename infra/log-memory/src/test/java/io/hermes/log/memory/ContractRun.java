package io.hermes.log.memory;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.hermes.log.tck.Clause;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What became of a contract suite that was run as if it were a user's test class. */
final class ContractRun {

    private final EngineExecutionResults results;

    private ContractRun(EngineExecutionResults results) {
        this.results = results;
    }

    static ContractRun of(Class<?> contract) {
        ContractRun run = new ContractRun(EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute());
        // A class that could not be run at all has no failed tests either.
        run.results.containerEvents().assertStatistics(statistics -> statistics.failed(0));
        return run;
    }

    /** All clauses of all tests that failed. */
    Set<String> failedClauses() {
        return results.testEvents().failed().stream()
                .flatMap(ContractRun::clauses)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All clauses of all tests that were skipped. */
    Set<String> skippedClauses() {
        return results.testEvents().aborted().stream()
                .flatMap(ContractRun::clauses)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> clauses(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(MethodSource.class::cast)
                .map(source -> source.getJavaMethod().getAnnotation(Clause.class))
                .map(clause -> Arrays.stream(clause.value()))
                .orElseThrow(() -> new AssertionError("a test without a clause: " + event));
    }
}

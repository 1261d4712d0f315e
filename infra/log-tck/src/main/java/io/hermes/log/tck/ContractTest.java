package io.hermes.log.tck;

import io.hermes.log.LogBackend;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** What the contract suites have in common: a fresh log for each test, and backends that are closed whatever happens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContractTest {

    final Outcomes outcomes = new Outcomes(this::patience);
    final Reading reading = new Reading(this::patience, outcomes);
    private final List<LogBackend> opened = new ArrayList<>();
    private String logName = "";

    /**
     * The backend under test.
     *
     * @return the same one for all tests of a class
     */
    protected abstract LogFixture fixture();

    @BeforeEach
    final void nameTheLog(TestInfo test) {
        test.getTestMethod().ifPresent(this::skipIfDeclared);
        logName = "t" + UUID.randomUUID().toString().substring(0, 8);
    }

    @AfterEach
    final void closeBackends() {
        opened.forEach(LogBackend::close);
        opened.clear();
    }

    @AfterAll
    final void closeFixture() {
        fixture().close();
    }

    final Duration patience() {
        return fixture().patience();
    }

    /** Another process on the log of this test. */
    final LogBackend open() {
        LogBackend backend = fixture().open(logName);
        opened.add(backend);
        return backend;
    }

    private void skipIfDeclared(Method test) {
        Clause clause = test.getAnnotation(Clause.class);
        Map<String, String> skips = fixture().skips();
        if (clause != null) {
            for (String name : clause.value()) {
                String reason = skips.get(name);
                if (reason != null) {
                    System.out.println("skipped " + name + " " + test.getName() + ": " + reason);
                    Assumptions.abort(name + ": " + reason);
                }
            }
        }
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is executed side by side, every answer and the final state are those of one after the other. */
@Timeout(120)
class ParallelApplyTest {

    private static final int SEEDS = 60;

    /** What a run shows: position and body of each answer in the order in which they were told, and what is left. */
    private record Outcome(List<String> told, Map<String, Long> balances) {}

    @Test
    void requestsSideBySideDoWhatTheyDoOneAfterTheOther() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            Outcome serial = run(seed, 1, call -> call);
            for (int connections : List.of(4, 8)) {
                assertThat(run(seed, connections, call -> call))
                        .as("seed %d with %d connections", seed, connections)
                        .isEqualTo(serial);
            }
        }
    }

    @Test
    void thisTestNoticesThatConflictsAreIgnored() throws Exception {
        assertThat(differences(call -> Calls.withConflict(call, call.conflict() == null ? null : unique(call))))
                .isPositive();
    }

    @Test
    void thisTestNoticesThatOneAccountIsForgotten() throws Exception {
        assertThat(differences(call -> "id=0".equals(call.conflict()) ? Calls.withConflict(call, unique(call)) : call))
                .isPositive();
    }

    @Test
    void thisTestNoticesThatUndeclaredRequestsAreNotAlone() throws Exception {
        assertThat(differences(call -> call.conflict() == null ? Calls.withConflict(call, unique(call)) : call))
                .isPositive();
    }

    @Test
    void thisTestNoticesThatUndeclaredRequestsOnlyKeepTheirOwnOrder() throws Exception {
        assertThat(differences(call -> call.conflict() == null ? Calls.withConflict(call, "undeclared") : call))
                .isPositive();
    }

    /** How many seeds show a planted bug, of the first ones. */
    private static int differences(UnaryOperator<AppCall> planted) throws Exception {
        int found = 0;
        for (long seed = 0; seed < SEEDS && found < 3; seed++) {
            if (!run(seed, 8, planted).equals(run(seed, 1, call -> call))) {
                found++;
            }
        }
        return found;
    }

    private static String unique(AppCall call) {
        return "position=" + call.position();
    }

    /** The same requests for the same seed, in the same batches. */
    private static Outcome run(long seed, int connections, UnaryOperator<AppCall> planted) throws Exception {
        Random random = new Random(seed);
        List<AppCall> calls = Accounts.calls(random).stream().map(planted).toList();
        int pipelining = random.nextInt(3) == 0 ? 4 : 1;
        Accounts accounts = new Accounts(seed);
        List<String> told = new ArrayList<>();
        try (ThreadedApp app = new ThreadedApp(accounts);
                App client = app.client(pipelining, connections, Duration.ofSeconds(30))) {
            for (int from = 0; from < calls.size(); ) {
                int to = Math.min(calls.size(), from + 1 + random.nextInt(50));
                client.apply(calls.subList(from, to), ToldAnswers.into(told));
                from = to;
            }
        }
        return new Outcome(told, accounts.balances());
    }
}

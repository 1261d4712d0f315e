package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.byPosition;
import static io.hermes.log.tck.Reading.bytes;
import static io.hermes.log.tck.Reading.positions;
import static io.hermes.log.tck.Reading.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The clauses of {@link OrderedLog}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class LogContract extends ContractTest {

    private static final int MANY = 200;
    private static final int WRITERS = 3;
    /** Longer than any pause of the virtual machine, shorter than any wait for a broker. */
    private static final Duration BLOCKED = Duration.ofSeconds(2);

    private @Nullable RestartRun restart;

    /** For subclasses. */
    protected LogContract() {}

    @Test
    @Clause("L1")
    void everyReaderSeesTheSameOrder() {
        OrderedLog log = open().log();
        OrderedLog other = open().log();
        try (LogReader early = log.openReader(Position.START)) {
            List<CompletableFuture<AppendOutcome>> appends = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                appends.add((i % 2 == 0 ? log : other).append(bytes("r" + i)));
            }
            appends.forEach(outcomes::position);

            List<LogRecord> first = reading.toEnd(log, early);
            List<LogRecord> second = reading.toEnd(other, Position.START);

            assertThat(first).isNotEmpty();
            assertThat(positions(second)).isEqualTo(positions(first));
            assertThat(texts(second)).isEqualTo(texts(first));
        }
    }

    @Test
    @Clause("L1")
    void positionsIncreaseStrictly() {
        OrderedLog log = open().log();
        outcomes.appendMany(log, MANY);
        // Two readers, since they may not be equally good.
        List<LogRecord> first = reading.toEnd(log, Position.START);
        List<LogRecord> second = reading.toEnd(log, Position.START);

        assertThat(List.of(positions(first), positions(second)))
                .allSatisfy(delivered ->
                        assertThat(delivered).isNotEmpty().isSorted().doesNotHaveDuplicates());
    }

    @Test
    @Clause("L2")
    void appendedRecordIsDeliveredAtItsPosition() {
        OrderedLog log = open().log();
        List<Position> appended = outcomes.appendMany(log, MANY);

        Map<Position, String> delivered = byPosition(reading.toEnd(open().log(), Position.START));

        for (int i = 0; i < MANY; i++) {
            assertThat(delivered).containsEntry(appended.get(i), "r" + i);
        }
    }

    @Test
    @Clause("L2")
    void bytesAreDeliveredAsTheyWereAppended() {
        OrderedLog log = open().log();
        byte[] record = new byte[70_000];
        for (int i = 0; i < record.length; i++) {
            record[i] = (byte) (i * 31);
        }
        Position position = outcomes.position(log.append(record.clone()));

        List<LogRecord> delivered = reading.toEnd(log, Position.START);

        assertThat(positions(delivered)).containsExactly(position);
        assertThat(delivered.get(0).bytes()).isEqualTo(record);
    }

    @Test
    @Clause("L2")
    void emptyRecordIsDelivered() {
        OrderedLog log = open().log();
        Position position = outcomes.position(log.append(new byte[0]));

        List<LogRecord> delivered = reading.toEnd(log, Position.START);

        assertThat(positions(delivered)).containsExactly(position);
        assertThat(delivered.get(0).bytes()).isEmpty();
    }

    @Test
    @Clause("L3")
    void laterAppendGetsAHigherPositionWhoeverCalls() {
        OrderedLog log = open().log();
        OrderedLog other = open().log();
        List<Position> appended = new ArrayList<>();

        for (int i = 0; i < 40; i++) {
            appended.add(outcomes.position((i % 2 == 0 ? log : other).append(bytes("r" + i))));
        }

        assertThat(appended).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Clause("L3")
    void appendsOfSeveralWritersThatDoNotOverlapKeepTheirOrder() {
        AtomicLong clock = new AtomicLong();
        List<CompletableFuture<List<Span>>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            OrderedLog log = open().log();
            writers.add(Outcomes.onThread(() -> spans(log, clock)));
        }

        List<Span> spans =
                writers.stream().flatMap(writer -> join(writer).stream()).toList();

        assertThat(spans).hasSize(WRITERS * MANY / 4);
        assertThat(Span.contradictions(spans)).isEmpty();
    }

    @Test
    @Clause("L4")
    void eachAppendAddsOneRecord() {
        OrderedLog log = open().log();
        outcomes.appendMany(log, MANY);

        List<String> delivered = texts(reading.toEnd(log, Position.START));

        assertThat(delivered).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    @Clause("L4")
    void recordsAppendedInARestartOfTheBrokersAreAddedOnce() {
        RestartRun run = restartRun();

        assertThat(run.texts()).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    @Clause("L5")
    void readerBeginsAfterItsPosition() {
        OrderedLog log = open().log();
        List<Position> sorted = outcomes.appendMany(log, 20).stream().sorted().toList();

        List<LogRecord> delivered = reading.toEnd(log, sorted.get(9));

        assertThat(delivered).isNotEmpty();
        assertThat(delivered.get(0).position()).isEqualTo(sorted.get(10));
    }

    @Test
    @Clause("L5")
    void readerBeginsAfterAPositionThatMayBeNoRecords() {
        OrderedLog log = open().log();
        List<Position> sorted = outcomes.appendMany(log, 20).stream().sorted().toList();
        Position between = new Position(sorted.get(9).value() + 1);
        Position next = sorted.stream()
                .filter(position -> position.isAfter(between))
                .findFirst()
                .orElseThrow();

        List<LogRecord> delivered = reading.toEnd(log, between);

        assertThat(delivered).isNotEmpty();
        assertThat(delivered.get(0).position()).isEqualTo(next);
    }

    @Test
    @Clause("L5")
    void readerAtTheEndDeliversWhatComesLater() {
        OrderedLog log = open().log();
        Position last = outcomes.position(log.append(bytes("before")));

        try (LogReader reader = log.openReader(last)) {
            outcomes.position(log.append(bytes("after")));

            assertThat(texts(reading.until(reader, "after"))).containsExactly("after");
        }
    }

    @Test
    @Clause("L5")
    void readerOfAnEmptyLogReturnsEmptyBatches() {
        OrderedLog log = open().log();

        try (LogReader reader = log.openReader(Position.START)) {
            assertThat(reader.read(1000, Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    @Clause("L6")
    void rejectedRecordIsNeverDelivered() {
        OrderedLog log = open().log();
        outcomes.of(log.append(new byte[log.recordBytesMax() + 1]));

        List<LogRecord> delivered = reading.toEnd(log, Position.START);

        assertThat(delivered).as("all but the record that ends the test").isEmpty();
    }

    @Test
    @Clause("L7")
    void recordsOfSeveralWritersAtOnceAreAllOrdered() {
        List<CompletableFuture<List<Position>>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            OrderedLog log = open().log();
            writers.add(Outcomes.onThread(() -> outcomes.appendMany(log, MANY)));
        }

        List<Position> appended =
                writers.stream().flatMap(writer -> join(writer).stream()).toList();

        assertThat(appended).hasSize(WRITERS * MANY).doesNotHaveDuplicates();
        assertThat(positions(reading.toEnd(open().log(), Position.START))).containsAll(appended);
    }

    @Test
    @Clause("L7")
    void appendDoesNotBlockItsCallerWhileTheBrokersRestart() {
        assertThat(restartRun().longestCall()).isLessThan(BLOCKED);
    }

    @Test
    @Clause("L8")
    void recordsFromTheTrimOnRemain() throws Exception {
        OrderedLog log = open().log();
        List<Position> sorted = outcomes.appendMany(log, 20).stream().sorted().toList();
        SortedMap<Position, String> before = byPosition(reading.toEnd(log, sorted.get(9)));

        log.trimBefore(sorted.get(10)).get(patience().toMillis(), TimeUnit.MILLISECONDS);

        SortedMap<Position, String> after = byPosition(reading.toEnd(log, sorted.get(9)));
        assertThat(after).containsKey(sorted.get(10)).isEqualTo(before.tailMap(sorted.get(10)));
    }

    @Test
    @Clause("L8")
    void forgottenRecordsAreNeverSkippedSilently() throws Exception {
        OrderedLog log = open().log();
        List<Position> sorted = outcomes.appendMany(log, 20).stream().sorted().toList();

        log.trimBefore(sorted.get(10)).get(patience().toMillis(), TimeUnit.MILLISECONDS);

        // A log may forget later than it is allowed to: either is right, all else is wrong.
        assertThat(firstDeliveredOrTold(log)).isIn(sorted.get(0).toString(), "trimmed");
    }

    @Test
    @Clause("L8")
    void whoIsToldOfForgottenRecordsCanGoOnWithAllThatWereKept() throws Exception {
        OrderedLog log = open().log();
        List<Position> sorted = outcomes.appendMany(log, 20).stream().sorted().toList();
        SortedMap<Position, String> before = byPosition(reading.toEnd(log, sorted.get(9)));
        log.trimBefore(sorted.get(10)).get(patience().toMillis(), TimeUnit.MILLISECONDS);

        Position resumed = resumeAfter(log);

        assertThat(resumed).isLessThan(sorted.get(10));
        assertThat(byPosition(reading.toEnd(log, resumed))).containsAllEntriesOf(before.tailMap(sorted.get(10)));
    }

    @Test
    @Clause("L8")
    void positionsAreNotUsedAgainAfterATrim() throws Exception {
        OrderedLog log = open().log();
        Position last =
                outcomes.appendMany(log, 20).stream().max(Position::compareTo).orElseThrow();
        Position beyond = outcomes.position(log.append(bytes("last")));
        log.trimBefore(beyond).get(patience().toMillis(), TimeUnit.MILLISECONDS);

        Position next = outcomes.position(log.append(bytes("next")));

        assertThat(next).isGreaterThan(beyond).isGreaterThan(last);
    }

    @Test
    @Clause("L9")
    void tailGetsToTheLastRecord() {
        OrderedLog log = open().log();
        Position last =
                outcomes.appendMany(log, 20).stream().max(Position::compareTo).orElseThrow();

        Awaitility.await("the tail").atMost(patience()).until(() -> tail(log).equals(last));
    }

    @Test
    @Clause("L9")
    void tailNeverLiesBeyondTheLastRecord() {
        OrderedLog log = open().log();
        Position last = Position.START;

        for (int i = 0; i < 20; i++) {
            last = last.max(outcomes.position(log.append(bytes("r" + i))));
            assertThat(tail(log)).isLessThanOrEqualTo(last);
        }
    }

    @Test
    @Clause("L9")
    void tailOfAnEmptyLogIsTheStart() {
        assertThat(tail(open().log())).isEqualTo(Position.START);
    }

    @Test
    @Clause("L10")
    void longestRecordIsAppended() {
        OrderedLog log = open().log();

        AppendOutcome outcome = outcomes.of(log.append(new byte[log.recordBytesMax()]));

        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(reading.toEnd(log, Position.START)).singleElement().satisfies(record -> assertThat(record.bytes())
                .hasSize(log.recordBytesMax()));
    }

    @Test
    @Clause("L10")
    void tooLongRecordIsRejected() {
        OrderedLog log = open().log();

        AppendOutcome outcome = outcomes.of(log.append(new byte[log.recordBytesMax() + 1]));

        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
    }

    @Test
    @Clause("L11")
    void crashOfAWriterLosesNothingAppended() {
        LogBackend writer = open();
        List<Position> before = outcomes.appendMany(writer.log(), 20);
        List<CompletableFuture<AppendOutcome>> outstanding = Outcomes.start(writer.log(), MANY);

        fixture().crash(writer);

        List<Position> during = outcomes.appended(outstanding);
        List<Position> delivered = positions(reading.toEnd(open().log(), Position.START));
        assertThat(delivered).containsAll(before).containsAll(during);
    }

    @Test
    @Clause("L11")
    void anotherWriterGoesOnAfterACrash() {
        LogBackend writer = open();
        LogBackend other = open();
        Position before = outcomes.position(writer.log().append(bytes("before")));

        fixture().crash(writer);

        assertThat(outcomes.position(other.log().append(bytes("after")))).isGreaterThan(before);
    }

    @Test
    @Clause("L11")
    void openReaderGoesOnAfterARestartOfTheBrokers() {
        RestartRun run = restartRun();

        SortedMap<Position, String> after =
                run.after().tailMap(run.byOpenReader().firstKey());
        assertThat(run.byOpenReader()).isEqualTo(after);
        assertThat(run.byOpenReader().firstKey()).isGreaterThan(run.before().lastKey());
    }

    @Test
    @Clause("L11")
    void recordsKeepTheirPlacesInARestartOfTheBrokers() {
        RestartRun run = restartRun();

        assertThat(run.before()).isNotEmpty();
        assertThat(run.after()).containsAllEntriesOf(run.before());
    }

    @Test
    @Clause("L11")
    void recordsAppendedInARestartOfTheBrokersSurviveIt() {
        RestartRun run = restartRun();

        assertThat(run.after().keySet()).isNotEmpty().containsAll(run.appended());
    }

    @Test
    @Clause("L12")
    void appendToAClosedLogIsRejected() {
        LogBackend backend = open();
        backend.log().close();

        AppendOutcome outcome = outcomes.of(backend.log().append(bytes("late")));

        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
    }

    @Test
    @Clause("L12")
    void closeEndsEveryOutstandingAppend() {
        LogBackend backend = open();
        List<CompletableFuture<AppendOutcome>> outstanding = Outcomes.start(backend.log(), MANY);

        backend.log().close();

        assertThat(outstanding).isNotEmpty().allSatisfy(append -> assertThat(outcomes.of(append))
                .isNotInstanceOf(AppendOutcome.Rejected.class));
    }

    @Test
    @Clause("L13")
    void replacedWriterLosesNothingAppended() {
        LogBackend writer = open();
        LogBackend successor = open();
        List<Position> before = outcomes.appendMany(writer.log(), 20);
        List<CompletableFuture<AppendOutcome>> outstanding = Outcomes.start(writer.log(), MANY);

        fixture().replaceWriter(writer, successor);

        List<Position> after = outcomes.appendMany(successor.log(), 20);
        List<Position> during = outcomes.appended(outstanding);
        assertThat(positions(reading.toEnd(open().log(), Position.START)))
                .doesNotHaveDuplicates()
                .containsAll(before)
                .containsAll(during)
                .containsAll(after);
    }

    @Test
    @Clause("L13")
    void replacedWriterAppendsBehindItsSuccessor() {
        LogBackend writer = open();
        LogBackend successor = open();
        outcomes.position(writer.log().append(bytes("before")));

        fixture().replaceWriter(writer, successor);

        Position first = outcomes.position(successor.log().append(bytes("successor")));
        AtomicLong attempts = new AtomicLong();
        outcomes.appendPatiently(writer.log(), () -> "replaced " + attempts.incrementAndGet());
        List<LogRecord> delivered = reading.toEnd(open().log(), Position.START);
        assertThat(byPosition(delivered).tailMap(first).values())
                .startsWith("successor")
                .endsWith("replaced " + attempts.get());
    }

    @Test
    @Clause("L13")
    void openReaderGoesOnWhenTheWriterIsReplaced() {
        LogBackend writer = open();
        LogBackend successor = open();
        try (LogReader reader = open().log().openReader(Position.START)) {
            Position before = outcomes.position(writer.log().append(bytes("before")));
            assertThat(positions(reading.until(reader, "before"))).endsWith(before);

            fixture().replaceWriter(writer, successor);

            // On a busy machine the successor may be replaced in turn: what it appends just then is unknown, and may be
            // in the log.
            outcomes.appendPatiently(successor.log(), () -> "after");
            assertThat(texts(reading.until(reader, "after"))).isNotEmpty().containsOnly("after");
        }
    }

    /** One for all tests that ask for it. */
    private RestartRun restartRun() {
        RestartRun run = restart;
        if (run == null) {
            run = RestartRun.of(() -> open().log(), fixture()::restartBrokers, reading, outcomes);
            restart = run;
        }
        return run;
    }

    private List<Span> spans(OrderedLog log, AtomicLong clock) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < MANY / 4; i++) {
            long called = clock.incrementAndGet();
            Position position = outcomes.position(log.append(bytes("r" + i)));
            spans.add(new Span(called, clock.incrementAndGet(), position));
        }
        return spans;
    }

    private String firstDeliveredOrTold(OrderedLog log) {
        try {
            return positions(reading.toEnd(log, Position.START)).get(0).toString();
        } catch (LogTrimmedException e) {
            return "trimmed";
        }
    }

    /** The start if the log has not forgotten anything yet. */
    private Position resumeAfter(OrderedLog log) {
        try {
            reading.toEnd(log, Position.START);
            return Position.START;
        } catch (LogTrimmedException e) {
            return e.resumeAfter();
        }
    }

    private Position tail(OrderedLog log) {
        return join(log.tail());
    }

    private <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(patience().toMillis(), TimeUnit.MILLISECONDS).join();
    }
}

package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.bytes;
import static io.hermes.log.tck.Reading.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The clauses of {@link OrderedLog}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class LogContract extends ContractTest {

    private static final int MANY = 200;

    /** For subclasses. */
    protected LogContract() {}

    @Test
    @Clause("L1")
    void everyReaderSeesTheSameOrder() {
        OrderedLog log = open().log();
        OrderedLog other = open().log();
        List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            outcomes.add((i % 2 == 0 ? log : other).append(bytes("r" + i)));
        }
        outcomes.forEach(LogContract::position);

        List<LogRecord> first = reading.read(log, Position.START, MANY);
        List<LogRecord> second = reading.read(other, Position.START, MANY);

        assertThat(positions(first)).isEqualTo(positions(second));
        assertThat(texts(first)).isEqualTo(texts(second));
    }

    @Test
    @Clause("L1")
    void positionsIncreaseStrictly() {
        OrderedLog log = open().log();
        appendMany(log, MANY);

        List<Position> delivered = positions(reading.read(log, Position.START, MANY));

        assertThat(delivered).isSorted().doesNotHaveDuplicates().doesNotContain(Position.START);
    }

    @Test
    @Clause("L2")
    void appendedRecordIsDeliveredAtItsPosition() {
        OrderedLog log = open().log();
        List<Position> appended = appendMany(log, MANY);

        List<LogRecord> delivered = reading.read(open().log(), Position.START, MANY);

        Map<Position, String> texts = new HashMap<>();
        delivered.forEach(record -> texts.put(record.position(), Reading.text(record)));
        for (int i = 0; i < MANY; i++) {
            assertThat(texts).containsEntry(appended.get(i), "r" + i);
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
        Position position = position(log.append(record.clone()));
        position(log.append(new byte[0]));

        List<LogRecord> delivered = reading.read(log, Position.START, 2);

        assertThat(delivered.get(0).position()).isEqualTo(position);
        assertThat(delivered.get(0).bytes()).isEqualTo(record);
        assertThat(delivered.get(1).bytes()).isEmpty();
    }

    @Test
    @Clause("L3")
    void laterAppendGetsAHigherPositionWhoeverCalls() {
        OrderedLog log = open().log();
        OrderedLog other = open().log();
        List<Position> appended = new ArrayList<>();

        for (int i = 0; i < 40; i++) {
            appended.add(position((i % 2 == 0 ? log : other).append(bytes("r" + i))));
        }

        assertThat(appended).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Clause("L3")
    void recordsAppendedOneAfterTheOtherAreDeliveredInThatOrder() {
        OrderedLog log = open().log();
        List<String> appended = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            position(log.append(bytes("r" + i)));
            appended.add("r" + i);
        }

        List<LogRecord> delivered = reading.read(log, Position.START, appended.size());

        assertThat(texts(delivered)).isEqualTo(appended);
    }

    @Test
    @Clause("L4")
    void eachAppendAddsOneRecord() {
        OrderedLog log = open().log();
        appendMany(log, MANY);
        position(log.append(bytes("last")));

        try (LogReader reader = log.openReader(Position.START)) {
            List<String> delivered = texts(reading.readUntil(reader, "last"));

            assertThat(delivered).doesNotHaveDuplicates().hasSize(MANY + 1);
        }
    }

    @Test
    @Clause("L5")
    void readerBeginsAfterItsPosition() {
        OrderedLog log = open().log();
        List<Position> appended = appendMany(log, 20);
        List<Position> sorted = appended.stream().sorted().toList();

        List<LogRecord> delivered = reading.read(log, sorted.get(9), 10);

        assertThat(positions(delivered)).isEqualTo(sorted.subList(10, 20));
    }

    @Test
    @Clause("L5")
    void readerAtTheEndDeliversWhatComesLater() {
        OrderedLog log = open().log();
        Position last = position(log.append(bytes("before")));

        try (LogReader reader = log.openReader(last)) {
            position(log.append(bytes("after")));

            assertThat(texts(reading.read(reader, 1))).containsExactly("after");
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
    @Clause({"L6", "L10"})
    void tooLongRecordIsRejected() {
        OrderedLog log = open().log();

        AppendOutcome outcome = outcome(log.append(new byte[log.recordBytesMax() + 1]));

        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
    }

    @Test
    @Clause("L6")
    void rejectedRecordIsNeverDelivered() {
        OrderedLog log = open().log();
        outcome(log.append(new byte[log.recordBytesMax() + 1]));
        position(log.append(bytes("last")));

        try (LogReader reader = log.openReader(Position.START)) {
            assertThat(texts(reading.readUntil(reader, "last"))).containsExactly("last");
        }
    }

    @Test
    @Clause("L10")
    void longestRecordIsAppended() {
        OrderedLog log = open().log();

        position(log.append(new byte[log.recordBytesMax()]));

        assertThat(reading.read(log, Position.START, 1).get(0).bytes()).hasSize(log.recordBytesMax());
    }

    @Test
    @Clause("L7")
    void recordsOfSeveralWritersAtOnceAreAllOrdered() throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        List<List<Position>> appended = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            OrderedLog log = open().log();
            List<Position> mine = new ArrayList<>();
            appended.add(mine);
            Thread thread = new Thread(() -> mine.addAll(appendMany(log, MANY)));
            writers.add(thread);
            thread.start();
        }
        for (Thread writer : writers) {
            writer.join(patience().toMillis());
        }

        List<LogRecord> delivered = reading.read(open().log(), Position.START, 3 * MANY);

        List<Position> all = appended.stream().flatMap(List::stream).sorted().toList();
        assertThat(positions(delivered)).isEqualTo(all).hasSize(3 * MANY);
    }

    @Test
    @Clause("L8")
    void recordsFromTheTrimOnRemain() throws Exception {
        OrderedLog log = open().log();
        List<Position> appended = appendMany(log, 20).stream().sorted().toList();
        log.trimBefore(appended.get(10)).get(20, TimeUnit.SECONDS);

        List<LogRecord> delivered = reading.read(log, appended.get(9), 10);

        assertThat(positions(delivered)).isEqualTo(appended.subList(10, 20));
    }

    @Test
    @Clause("L8")
    void readerThatNeedsForgottenRecordsIsTold() throws Exception {
        OrderedLog log = open().log();
        List<Position> appended = appendMany(log, 20).stream().sorted().toList();
        log.trimBefore(appended.get(10)).get(20, TimeUnit.SECONDS);

        try (LogReader reader = log.openReader(Position.START)) {
            assertThatThrownBy(() -> reading.read(reader, 1)).satisfies(failure -> assertThat(causes(failure))
                    .hasAtLeastOneElementOfType(LogTrimmedException.class));
        }
    }

    @Test
    @Clause("L8")
    void positionsAreNotUsedAgainAfterATrim() throws Exception {
        OrderedLog log = open().log();
        List<Position> appended = appendMany(log, 20).stream().sorted().toList();
        log.trimBefore(appended.get(19)).get(20, TimeUnit.SECONDS);

        Position next = position(log.append(bytes("next")));

        assertThat(next).isGreaterThan(appended.get(19));
    }

    @Test
    @Clause("L9")
    void tailGetsToTheLastRecord() {
        OrderedLog log = open().log();
        Position last = appendMany(log, 20).stream().max(Position::compareTo).orElseThrow();

        Awaitility.await("the tail")
                .atMost(patience())
                .until(() -> log.tail().get(20, TimeUnit.SECONDS).equals(last));
    }

    @Test
    @Clause("L9")
    void tailOfAnEmptyLogIsTheStart() throws Exception {
        assertThat(open().log().tail().get(20, TimeUnit.SECONDS)).isEqualTo(Position.START);
    }

    @Test
    @Clause("L11")
    void crashOfAWriterLosesNothingAppended() {
        LogBackend writer = open();
        List<Position> appended = appendMany(writer.log(), 20);

        fixture().crash(writer);

        assertThat(positions(reading.read(open().log(), Position.START, 20))).containsAll(appended);
    }

    @Test
    @Clause("L11")
    void anotherWriterGoesOnAfterACrash() {
        LogBackend writer = open();
        LogBackend other = open();
        Position before = position(writer.log().append(bytes("before")));

        fixture().crash(writer);

        assertThat(position(other.log().append(bytes("after")))).isGreaterThan(before);
    }

    @Test
    @Clause("L11")
    void openReaderGoesOnAfterARestartOfTheBrokers() {
        OrderedLog log = open().log();
        position(log.append(bytes("before")));
        try (LogReader reader = log.openReader(Position.START)) {
            reading.read(reader, 1);

            fixture().restartBrokers();
            appendPatiently(log, "after");

            assertThat(texts(reading.readUntil(reader, "after")))
                    .contains("after")
                    .doesNotContain("before");
        }
    }

    @Test
    @Clause("L11")
    void orderSurvivesARestartOfTheBrokers() {
        OrderedLog log = open().log();
        appendMany(log, 20);
        List<LogRecord> before = reading.read(log, Position.START, 20);

        fixture().restartBrokers();

        List<LogRecord> after = reading.read(open().log(), Position.START, 20);
        assertThat(positions(after)).isEqualTo(positions(before));
        assertThat(texts(after)).isEqualTo(texts(before));
    }

    @Test
    @Clause("L12")
    void appendToAClosedLogIsRejected() {
        LogBackend backend = open();
        backend.log().close();

        AppendOutcome outcome = outcome(backend.log().append(bytes("late")));

        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
    }

    @Test
    @Clause("L12")
    void closeEndsEveryOutstandingAppend() {
        LogBackend backend = open();
        List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            outcomes.add(backend.log().append(bytes("r" + i)));
        }

        backend.log().close();

        assertThat(outcomes).isNotEmpty().allSatisfy(outcome -> assertThat(outcome(outcome))
                .isNotInstanceOf(AppendOutcome.Rejected.class));
    }

    private static List<Position> appendMany(OrderedLog log, int count) {
        List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outcomes.add(log.append(bytes("r" + i)));
        }
        return outcomes.stream().map(LogContract::position).toList();
    }

    /** Under ids of its own a caller may try again after an append that ended otherwise. */
    private void appendPatiently(OrderedLog log, String text) {
        Awaitility.await("an append")
                .atMost(patience().multipliedBy(2))
                .until(() -> outcome(log.append(bytes(text))) instanceof AppendOutcome.Appended);
    }

    private static Position position(CompletableFuture<AppendOutcome> append) {
        return outcome(append)
                .match(
                        AppendOutcome.Appended::position,
                        rejected -> {
                            throw new AssertionError("rejected: " + rejected.reason());
                        },
                        unknown -> {
                            throw new AssertionError("unknown: " + unknown.reason());
                        });
    }

    private static AppendOutcome outcome(CompletableFuture<AppendOutcome> append) {
        try {
            return append.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("an append's future completes in time and never exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<Position> positions(List<LogRecord> records) {
        return records.stream().map(LogRecord::position).toList();
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        HashSet<Throwable> seen = new HashSet<>();
        for (Throwable next = failure; next != null && seen.add(next); next = next.getCause()) {
            chain.add(next);
        }
        return chain;
    }
}

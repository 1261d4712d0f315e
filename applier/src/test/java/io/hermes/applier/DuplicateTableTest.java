package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Answer;
import io.hermes.proto.Incarnation;
import io.hermes.proto.RequestRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DuplicateTableTest {

    private static final Incarnation OTHER = new Incarnation("ingress-1-1");

    private final DuplicateTable table = table(1_000, 1_000_000);

    @Test
    void repeatIsKnownByItsId() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.record(1));

        DuplicateTable.Delivery repeat = table.deliver(3, Calls.record(1), 0);

        assertThat(repeat).isEqualTo(new DuplicateTable.Repeat(first));
        assertThat(first.position()).isEqualTo(1);
    }

    @Test
    void repeatGetsTheAnswerOfTheFirst() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.record(1));
        table.remember(first, answer(10));

        DuplicateTable.Entry found = table.find(Calls.record(1).id());

        assertThat(found).isSameAs(first);
        assertThat(first.answer()).isNotNull();
    }

    @Test
    void sameNumberOfAnotherIngressIsAnotherRequest() {
        deliver(table, 1, Calls.record(1));

        assertThat(kind(table.deliver(3, Calls.record(OTHER, 1, 0, 1, 0), 0))).isEqualTo("first");
    }

    @Test
    void finishedRequestsAreReleased() {
        deliver(table, 1, Calls.record(1));
        deliver(table, 3, Calls.record(2));

        deliver(table, 5, Calls.record(Calls.INGRESS, 3, 0, 3, 0));

        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void copyOfReleasedRequestIsTooLate() {
        deliver(table, 1, Calls.record(1));
        deliver(table, 3, Calls.record(Calls.INGRESS, 2, 0, 2, 0));

        assertThat(kind(table.deliver(5, Calls.record(1), 0))).isEqualTo("too late");
    }

    @Test
    void firstCopyThatComesAfterItsNumberWasFinishedIsTooLate() {
        deliver(table, 3, Calls.record(Calls.INGRESS, 5, 0, 5, 0));

        assertThat(kind(table.deliver(5, Calls.record(4), 0))).isEqualTo("too late");
    }

    @Test
    void hugeJumpOfTheLowestUnfinishedNumberTakesNoTime() {
        deliver(table, 1, Calls.record(1));

        deliver(table, 3, Calls.record(Calls.INGRESS, Long.MAX_VALUE, 0, Long.MAX_VALUE, 0));

        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void oldestEntryGoesFirstWhenThereAreTooMany() {
        DuplicateTable small = table(2, 1_000_000);
        deliver(small, 1, Calls.record(1));
        deliver(small, 3, Calls.record(2));

        deliver(small, 5, Calls.record(3));

        assertThat(small.find(Calls.record(1).id())).isNull();
        assertThat(small.find(Calls.record(2).id())).isNotNull();
        assertThat(small.size()).isEqualTo(2);
    }

    @Test
    void copyThatMayRepeatAnEvictedRequestIsTooLate() {
        DuplicateTable small = table(2, 1_000_000);
        deliver(small, 1, Calls.record(1));
        deliver(small, 3, Calls.record(2));
        deliver(small, 5, Calls.record(3));

        assertThat(kind(small.deliver(7, Calls.record(1), 0))).isEqualTo("too late");
    }

    @Test
    void requestAcceptedAfterTheEvictedOneIsFirst() {
        DuplicateTable small = table(2, 1_000_000);
        deliver(small, 1, Calls.record(1));
        deliver(small, 3, Calls.record(2));
        deliver(small, 5, Calls.record(3));

        assertThat(kind(small.deliver(7, Calls.record(Calls.INGRESS, 4, 1, 1, 0), 0)))
                .isEqualTo("first");
    }

    @Test
    void oldestAnswerGoesFirstWhenTheyAreTooLong() {
        DuplicateTable tight = table(1_000, 1_500);
        DuplicateTable.Entry first = deliver(tight, 1, Calls.record(1));
        DuplicateTable.Entry second = deliver(tight, 3, Calls.record(2));
        tight.remember(first, answer(1_000));

        tight.remember(second, answer(1_000));

        assertThat(first.answer()).isNull();
        assertThat(second.answer()).isNotNull();
        assertThat(tight.answerBytes()).isLessThanOrEqualTo(1_500);
        assertThat(tight.size()).isEqualTo(2);
    }

    @Test
    void silentIngressIsForgottenByLogTime() {
        deliver(table, 1, Calls.record(OTHER, 1, 0, 1, 0));

        table.deliver(
                3,
                Calls.record(Calls.INGRESS, 1, 1, 1, 0),
                Duration.ofMinutes(11).toMillis());

        assertThat(table.find(Calls.record(OTHER, 1, 0, 1, 0).id())).isNull();
    }

    @Test
    void lateCopyFromForgottenIngressIsTooLate() {
        deliver(table, 1, Calls.record(OTHER, 1, 0, 1, 0));
        long later = Duration.ofMinutes(11).toMillis();
        table.deliver(3, Calls.record(Calls.INGRESS, 1, 1, 1, 0), later);

        assertThat(kind(table.deliver(5, Calls.record(OTHER, 1, 0, 1, 0), later)))
                .isEqualTo("too late");
    }

    private static DuplicateTable table(int requestsMax, long answerBytesMax) {
        ApplierConfig usual = ApplierConfig.of("replica-0", new Incarnation("replica-0-1"));
        return new DuplicateTable(new ApplierConfig(
                usual.replica(),
                usual.incarnation(),
                usual.batchBytesMax(),
                usual.readWait(),
                answerBytesMax,
                requestsMax,
                usual.forgetIngressAfter()));
    }

    private static DuplicateTable.Entry deliver(DuplicateTable table, long position, RequestRecord record) {
        DuplicateTable.@Nullable Entry entry =
                table.deliver(position, record, 0).match(first -> first, repeat -> null, () -> null);
        if (entry == null) {
            throw new AssertionError("not the first delivery of " + record.id());
        }
        return entry;
    }

    private static String kind(DuplicateTable.Delivery delivery) {
        return delivery.match(first -> "first", repeat -> "repeat", () -> "too late");
    }

    private static AppAnswer answer(int bytes) {
        return new AppAnswer(new Answer(200, List.of(), new byte[bytes]));
    }
}

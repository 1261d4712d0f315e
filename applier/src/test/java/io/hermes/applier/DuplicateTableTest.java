package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Answer;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DuplicateTableTest {

    private static final Incarnation OTHER = new Incarnation("ingress-1-1");

    private final DuplicateTable table = table(1_000, 1_000_000);

    @Test
    void repeatIsKnownByItsId() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.record(1));

        Delivery repeat = table.deliver(3, Calls.record(1), 0);

        assertThat(repeat).isEqualTo(new Delivery.Repeat(first));
        assertThat(first.position()).isEqualTo(1);
    }

    @Test
    void repeatGetsTheAnswerOfTheFirst() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.record(1));
        table.remember(first, answer(10));

        DuplicateTable.Entry found = table.find(Calls.record(1).identity().id());

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

        assertThat(small.find(Calls.record(1).identity().id())).isNull();
        assertThat(small.find(Calls.record(2).identity().id())).isNotNull();
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

        assertThat(table.find(Calls.record(OTHER, 1, 0, 1, 0).identity().id())).isNull();
    }

    @Test
    void lateCopyFromForgottenIngressIsTooLate() {
        deliver(table, 1, Calls.record(OTHER, 1, 0, 1, 0));
        long later = Duration.ofMinutes(11).toMillis();
        table.deliver(3, Calls.record(Calls.INGRESS, 1, 1, 1, 0), later);

        assertThat(kind(table.deliver(5, Calls.record(OTHER, 1, 0, 1, 0), later)))
                .isEqualTo("too late");
    }

    @Test
    void keyIsTheRequestWhicheverExchangeBringsIt() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.named("k", 1, "body"));

        assertThat(table.deliver(3, Calls.named("k", 2, "body"), 0)).isEqualTo(new Delivery.Repeat(first));
    }

    @Test
    void keyOfADifferentRequestIsTold() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.named("k", 1, "body"));

        assertThat(table.deliver(3, Calls.named("k", 2, "another body"), 0)).isEqualTo(new Delivery.Different(first));
    }

    @Test
    void keyIsNotReleasedWithItsExchange() {
        deliver(table, 1, Calls.named("k", 1, "body"));

        deliver(table, 3, Calls.record(Calls.INGRESS, 5, 0, 5, 0));

        assertThat(kind(table.deliver(5, Calls.named("k", 6, "body"), 0))).isEqualTo("repeat");
    }

    @Test
    void keyIsForgottenByLogTime() {
        deliver(table, 1, Calls.named("k", 1, "body"));
        long later = Duration.ofHours(25).toMillis();

        table.deliver(3, Calls.record(Calls.INGRESS, 2, 1, 1, 0), later);

        assertThat(table.find(new RequestId.Key("", "k"))).isNull();
    }

    @Test
    void oldestKeyGoesFirstWhenThereAreTooMany() {
        table.toSettings(settings(2, 1_000, 1_000_000));
        deliver(table, 1, Calls.named("a", 1, "body"));
        deliver(table, 3, Calls.named("b", 2, "body"));

        deliver(table, 5, Calls.named("c", 3, "body"));

        assertThat(table.find(new RequestId.Key("", "a"))).isNull();
        assertThat(kind(table.deliver(7, Calls.named("a", 4, "body"), 0))).isEqualTo("too late");
    }

    @Test
    void requestOfWhichTheClientWasToldTheIdIsKept() {
        deliver(table, 1, Calls.record(1));
        table.keep(3, new KeepRecord(Calls.INGRESS, List.of(1L), 0), 0);
        deliver(table, 5, Calls.record(Calls.INGRESS, 9, 0, 9, 0));

        RequestId told = Calls.record(1).identity().id();

        assertThat(kind(table.deliver(7, Calls.named(told, 10, "body 1"), 0))).isEqualTo("repeat");
        assertThat(kind(table.deliver(9, Calls.named(told, 11, "another body"), 0)))
                .isEqualTo("different");
    }

    @Test
    void requestThatIsKeptBeforeItComesIsAppliedOnceWhoeverBringsIt() {
        table.keep(1, new KeepRecord(Calls.INGRESS, List.of(1L), 0), 0);
        deliver(table, 3, Calls.record(Calls.INGRESS, 9, 0, 9, 0));

        RequestId told = Calls.record(1).identity().id();
        assertThat(kind(table.deliver(5, Calls.named(told, 10, "body 1"), 0))).isEqualTo("first");

        assertThat(kind(table.deliver(7, Calls.record(1), 0))).isEqualTo("repeat");
    }

    @Test
    void finishedRequestThatNobodyKeptMayHaveBeenApplied() {
        deliver(table, 1, Calls.record(1));
        deliver(table, 3, Calls.record(Calls.INGRESS, 9, 0, 9, 0));

        assertThat(kind(table.deliver(5, Calls.named(Calls.record(1).identity().id(), 10, "body 1"), 0)))
                .isEqualTo("too late");
    }

    @Test
    void requestOfAForgottenIngressMayHaveBeenApplied() {
        deliver(table, 1, Calls.record(OTHER, 1, 0, 1, 0));
        long later = Duration.ofMinutes(11).toMillis();
        table.deliver(3, Calls.record(Calls.INGRESS, 1, 1, 1, 0), later);

        RequestId told = new RequestId.Made(new CorrelationId(OTHER, 1));

        assertThat(kind(table.deliver(5, Calls.named(told, 2, "body 1"), later)))
                .isEqualTo("too late");
        table.keep(7, new KeepRecord(OTHER, List.of(1L), 0), later);
        assertThat(kind(table.deliver(9, Calls.named(told, 3, "body 1"), later)))
                .isEqualTo("too late");
    }

    @Test
    void inquiryTellsWhatWasApplied() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.named("k", 1, "body"));

        assertThat(table.inquire(3, inquiry("k", false), 0)).isSameAs(first);
        assertThat(table.inquire(5, inquiry("never sent", false), 0))
                .isNotNull()
                .satisfies(entry ->
                        assertThat(entry.isDelivered() || entry.isCancelled()).isFalse());
    }

    @Test
    void inquiryOfAnotherPrincipalIsToldNothing() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.record(1));
        InquiryRecord asked = new InquiryRecord(
                new Identity(
                        new CorrelationId(Calls.INGRESS, 5),
                        Calls.record(1).identity().id(),
                        "somebody else"),
                false,
                ReplyRoute.NOBODY,
                0);

        assertThat(first.isDelivered()).isTrue();
        assertThat(table.inquire(3, asked, 0)).isNull();
    }

    @Test
    void requestIsNotSwallowedByAnotherThatWasSentUnderItsId() {
        RequestId id = Calls.record(5).identity().id();
        deliver(table, 1, Calls.named(id, 1, "somebody else's"));

        DuplicateTable.Entry first = deliver(table, 3, Calls.record(5));
        Delivery repeat = table.deliver(5, Calls.record(5), 0);

        assertThat(repeat).isEqualTo(new Delivery.Repeat(first));
        assertThat(table.find(id)).isSameAs(first);
        assertThat(kind(table.deliver(7, Calls.named(id, 2, "somebody else's"), 0)))
                .isEqualTo("different");
        assertThat(table.size()).isOne();
    }

    @Test
    void requestThatWasSentAgainUnderItsIdAndOvertookItselfIsAppliedOnce() {
        RequestId id = Calls.record(5).identity().id();
        DuplicateTable.Entry first = deliver(table, 1, Calls.named(id, 6, "body 5"));

        assertThat(table.deliver(3, Calls.record(5), 0)).isEqualTo(new Delivery.Repeat(first));
    }

    @Test
    void cancelledRequestIsNeverApplied() {
        table.inquire(1, inquiry("k", true), 0);

        Delivery late = table.deliver(3, Calls.named("k", 1, "body"), 0);

        assertThat(late.match(first -> false, DuplicateTable.Entry::isCancelled, different -> false, () -> false))
                .isTrue();
    }

    @Test
    void cancellationComesTooLateForWhatWasApplied() {
        DuplicateTable.Entry first = deliver(table, 1, Calls.named("k", 1, "body"));

        assertThat(table.inquire(3, inquiry("k", true), 0)).isSameAs(first);
        assertThat(first.isCancelled()).isFalse();
    }

    @Test
    void restoredTableDecidesLikeTheOneItWasTakenFrom() {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            DuplicateTable original = new DuplicateTable();
            original.toSettings(settings(20, 15, 3_000));
            long position = 1;
            for (int i = 0; i < 300; i++, position += 2) {
                step(original, new Random(seed * 1_000 + i), position);
            }
            DuplicateTable restored = new DuplicateTable();
            restored.restore(checkpoint(original));
            for (int i = 0; i < 300; i++, position += 2) {
                long choice = random.nextLong();
                assertThat(step(restored, new Random(choice), position))
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(step(original, new Random(choice), position));
            }
            assertThat(restored.entries()).hasSameSizeAs(original.entries());
            assertThat(restored.answerBytes()).isEqualTo(original.answerBytes());
            assertThat(restored.horizon()).isEqualTo(original.horizon());
        }
    }

    private static Checkpoint checkpoint(DuplicateTable table) {
        return new Checkpoint(
                "log",
                1,
                1,
                0,
                table.horizon(),
                table.rowsLost(),
                table.settings(),
                "",
                List.of(),
                table.rows(),
                table.entries());
    }

    /** Delivers something at random, in few enough ingresses and keys that they meet. */
    private static String step(DuplicateTable table, Random random, long position) {
        Incarnation ingress = new Incarnation("ingress-" + random.nextInt(3));
        long number = 1L + random.nextInt(40);
        long timeMillis = position * 1_000L;
        long seenThrough = Math.max(0, position - random.nextInt(200));
        long lowest = Math.max(1, number - random.nextInt(40));
        RequestId id = random.nextBoolean()
                ? new RequestId.Key("", "key-" + random.nextInt(40))
                : new RequestId.Made(new CorrelationId(ingress, 1L + random.nextInt(40)));
        Identity named = new Identity(new CorrelationId(ingress, number), id, "");
        switch (random.nextInt(6)) {
            case 0 -> table.keep(position, new KeepRecord(ingress, List.of(number), 0), timeMillis);
            case 1 -> {
                DuplicateTable.Entry entry = table.inquire(
                        position, new InquiryRecord(named, random.nextBoolean(), ReplyRoute.NOBODY, 0), timeMillis);
                return entry == null ? "unknown" : "at " + entry.position() + entry.isCancelled();
            }
            default -> {
                Identity identity =
                        random.nextInt(3) == 0 ? named : Identity.unnamed(new CorrelationId(ingress, number), "");
                RequestRecord record = new RequestRecord(
                        identity,
                        Calls.request("POST", "/", "body " + random.nextInt(2)),
                        0,
                        0,
                        "",
                        ReplyRoute.NOBODY,
                        seenThrough,
                        lowest);
                Delivery delivery = table.deliver(position, record, timeMillis);
                delivery.match(
                        first -> {
                            table.remember(first, answer(200));
                            return true;
                        },
                        repeat -> false,
                        different -> false,
                        () -> false);
                return kind(delivery)
                        + delivery.match(
                                DuplicateTable.Entry::position,
                                DuplicateTable.Entry::position,
                                DuplicateTable.Entry::position,
                                () -> 0L);
            }
        }
        return "kept";
    }

    private static InquiryRecord inquiry(String key, boolean cancel) {
        Identity identity = new Identity(new CorrelationId(Calls.INGRESS, 99), new RequestId.Key("", key), "");
        return new InquiryRecord(identity, cancel, ReplyRoute.NOBODY, 0);
    }

    private static DuplicateTable table(int requestsMax, long answerBytesMax) {
        DuplicateTable table = new DuplicateTable();
        table.toSettings(settings(1_000, requestsMax, answerBytesMax));
        return table;
    }

    private static Settings settings(int keysMax, int requestsMax, long answerBytesMax) {
        return new Settings(1, 1, keysMax, Duration.ofHours(24), requestsMax, Duration.ofMinutes(10), answerBytesMax);
    }

    private static DuplicateTable.Entry deliver(DuplicateTable table, long position, RequestRecord record) {
        DuplicateTable.@Nullable Entry entry =
                table.deliver(position, record, 0).match(first -> first, repeat -> null, different -> null, () -> null);
        if (entry == null) {
            throw new AssertionError("not the first delivery of " + record.correlation());
        }
        return entry;
    }

    private static String kind(Delivery delivery) {
        return delivery.match(first -> "first", repeat -> "repeat", different -> "different", () -> "too late");
    }

    private static AppAnswer answer(int bytes) {
        return new AppAnswer(new Answer(200, List.of(), new byte[bytes]));
    }
}

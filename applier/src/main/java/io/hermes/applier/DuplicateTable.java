package io.hermes.applier;

import io.hermes.proto.Incarnation;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.RequestRecord;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which requests were delivered, and what was answered. Decides whether a delivered record is the request or a repeat of
 * it, from the log alone, so that every replica decides alike.
 *
 * <p>Invariant behind {@link TooLate}: a request is accepted knowing {@code seenThrough}, so its first copy stands after
 * that position. If an entry was evicted, its position is at most the horizon; an absent request with {@code seenThrough}
 * at or above the horizon cannot be a repeat of it.
 *
 * <p>Bounds: {@code requestsMax} entries and {@code answerBytesMax} bytes of answers; what is oldest in log order goes
 * first. Entries also go when their ingress says that they are finished, and when the log held nothing of their ingress
 * for {@code forgetIngressAfter} of log time.
 *
 * <p>Owned by the loop's thread.
 */
final class DuplicateTable {

    /** One request that was delivered. */
    static final class Entry {
        private final CorrelationId id;
        private final long position;
        private @Nullable AppAnswer answer;
        private long answerBytes;

        Entry(CorrelationId id, long position) {
            this.id = id;
            this.position = position;
        }

        CorrelationId id() {
            return id;
        }

        long position() {
            return position;
        }

        /** Null until the app answered, and again when the answer is no longer kept. */
        @Nullable
        AppAnswer answer() {
            return answer;
        }
    }

    /** What a delivered record is. */
    sealed interface Delivery {
        <T> T match(Function<Entry, T> first, Function<Entry, T> repeat, Supplier<T> tooLate);
    }

    /** The request itself: to be applied. */
    record First(Entry entry) implements Delivery {
        @Override
        public <T> T match(Function<Entry, T> first, Function<Entry, T> repeat, Supplier<T> tooLate) {
            return first.apply(entry);
        }
    }

    /** A copy of a request that was delivered before. */
    record Repeat(Entry entry) implements Delivery {
        @Override
        public <T> T match(Function<Entry, T> first, Function<Entry, T> repeat, Supplier<T> tooLate) {
            return repeat.apply(entry);
        }
    }

    /** Perhaps a copy of a request that is forgotten: not to be applied. */
    record TooLate() implements Delivery {
        @Override
        public <T> T match(Function<Entry, T> first, Function<Entry, T> repeat, Supplier<T> tooLate) {
            return tooLate.get();
        }
    }

    /** What is known of one incarnation of an ingress. */
    private static final class Row {
        private final Map<Long, Entry> entries = new HashMap<>();
        private long releasedBelow = 1;
        private long lastPosition;
        private long lastTimeMillis;
    }

    private static final long ENTRY_OVERHEAD_BYTES = 200;

    private final long answerBytesMax;
    private final int requestsMax;
    private final long forgetAfterMillis;

    // All below is owned by the loop's thread.
    private final LinkedHashMap<Incarnation, Row> rows = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Entry> inLogOrder = new LinkedHashSet<>();
    private final Set<Entry> withAnswer = new LinkedHashSet<>();
    private long answerBytes;
    private long horizon;

    DuplicateTable(ApplierConfig config) {
        this.answerBytesMax = config.answerBytesMax();
        this.requestsMax = config.requestsMax();
        this.forgetAfterMillis = config.forgetIngressAfter().toMillis();
    }

    /**
     * Takes notice of a delivered request. To be called once for each, in log order.
     *
     * @param position where it stands
     * @param record what was delivered
     * @param timeMillis log time at this position
     */
    Delivery deliver(long position, RequestRecord record, long timeMillis) {
        Row row = row(record.id().incarnation());
        row.lastPosition = position;
        row.lastTimeMillis = timeMillis;
        forgetSilentRows(timeMillis);
        release(row, record.lowestUnfinished());
        long number = record.id().number();
        Entry known = row.entries.get(number);
        if (known != null) {
            return new Repeat(known);
        }
        if (number < row.releasedBelow || record.seenThrough() < horizon) {
            return new TooLate();
        }
        Entry entry = new Entry(record.id(), position);
        row.entries.put(number, entry);
        inLogOrder.add(entry);
        evictBeyondRequestsMax();
        return new First(entry);
    }

    /** Remembers what the app answered to an entry that {@link #deliver} returned as first. */
    void remember(Entry entry, AppAnswer answer) {
        entry.answer = answer;
        entry.answerBytes = ENTRY_OVERHEAD_BYTES
                + (answer.answer() == null ? 0 : answer.answer().body().length);
        if (inLogOrder.contains(entry)) {
            answerBytes += entry.answerBytes;
            withAnswer.add(entry);
            dropAnswersBeyondBound();
        }
    }

    /** Looks a request up that is said to stand in the log already; null if it is forgotten. */
    @Nullable
    Entry find(CorrelationId id) {
        Row row = rows.get(id.incarnation());
        return row == null ? null : row.entries.get(id.number());
    }

    int size() {
        return inLogOrder.size();
    }

    long answerBytes() {
        return answerBytes;
    }

    private Row row(Incarnation incarnation) {
        Row row = rows.get(incarnation);
        if (row == null) {
            row = new Row();
            rows.put(incarnation, row);
        }
        return row;
    }

    private void release(Row row, long lowestUnfinished) {
        if (lowestUnfinished - row.releasedBelow > row.entries.size()) {
            row.entries.values().removeIf(entry -> {
                boolean finished = entry.id.number() < lowestUnfinished;
                if (finished) {
                    unlink(entry);
                }
                return finished;
            });
            row.releasedBelow = lowestUnfinished;
        }
        for (; row.releasedBelow < lowestUnfinished; row.releasedBelow++) {
            Entry entry = row.entries.remove(row.releasedBelow);
            if (entry != null) {
                unlink(entry);
            }
        }
    }

    private void forgetSilentRows(long timeMillis) {
        Iterator<Row> eldest = rows.values().iterator();
        while (eldest.hasNext()) {
            Row row = eldest.next();
            if (timeMillis - row.lastTimeMillis <= forgetAfterMillis) {
                return;
            }
            row.entries.values().forEach(this::unlink);
            horizon = Math.max(horizon, row.lastPosition);
            eldest.remove();
        }
    }

    private void evictBeyondRequestsMax() {
        while (inLogOrder.size() > requestsMax) {
            Entry eldest = inLogOrder.iterator().next();
            horizon = Math.max(horizon, eldest.position);
            Row row = rows.get(eldest.id.incarnation());
            if (row != null) {
                row.entries.remove(eldest.id.number());
            }
            unlink(eldest);
        }
    }

    private void dropAnswersBeyondBound() {
        Iterator<Entry> eldest = withAnswer.iterator();
        while (answerBytes > answerBytesMax && eldest.hasNext()) {
            Entry entry = eldest.next();
            eldest.remove();
            answerBytes -= entry.answerBytes;
            entry.answer = null;
        }
    }

    private void unlink(Entry entry) {
        inLogOrder.remove(entry);
        if (withAnswer.remove(entry)) {
            answerBytes -= entry.answerBytes;
        }
    }
}

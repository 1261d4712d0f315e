package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Incarnation;
import io.hermes.proto.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the incarnations of ingresses: how far each has finished, and its unnamed requests. Says of a request that is
 * absent whether it may have been forgotten.
 *
 * <p>A bound holds for the number of rows; the ones that were silent longest are lost first.
 *
 * <p>Owned by the loop's thread.
 */
final class IngressRows {

    /** Without a bound, each restart of an ingress would cost some bytes for ever. */
    static final int ROWS_MAX = 10_000;

    private static final Incarnation NONE = new Incarnation("-");

    /** What is known of one incarnation. */
    static final class Row {
        private final Incarnation incarnation;
        private final Map<Long, DuplicateTable.Entry> entries = new HashMap<>();
        private long releasedBelow = 1;
        private long lastPosition;
        private long lastTimeMillis;
        private boolean lossy;

        Row(Incarnation incarnation) {
            this.incarnation = incarnation;
        }

        /** An equal one that holds this row's incarnation: each decoded record has a copy, and many are remembered. */
        CorrelationId shared(CorrelationId correlation) {
            return new CorrelationId(incarnation, correlation.number());
        }

        /** Null if it is not remembered here. */
        DuplicateTable.@Nullable Entry find(long number) {
            return entries.get(number);
        }

        void put(long number, DuplicateTable.Entry entry) {
            entries.put(number, entry);
        }

        void remove(long number) {
            entries.remove(number);
        }

        /** Where the ingress was heard of last. */
        long lastPosition() {
            return lastPosition;
        }

        /** Whether the ingress said that it is done with this request. */
        boolean isReleased(long number) {
            return number < releasedBelow;
        }

        /** Whether requests were forgotten that were not finished, so that an absent one may have been delivered. */
        boolean isLossy() {
            return lossy;
        }

        /** A request was forgotten that was not finished. */
        void toLossy() {
            lossy = true;
        }

        /** Removes all, in no order. */
        void lose(Consumer<DuplicateTable.Entry> onRemoved) {
            entries.values().forEach(onRemoved);
            entries.clear();
            lossy = true;
        }

        /** The ingress is done with what comes before a number. */
        void releaseBelow(long lowestUnfinished, Consumer<DuplicateTable.Entry> onRemoved) {
            if (lowestUnfinished - releasedBelow > entries.size()) {
                entries.entrySet().removeIf(numbered -> {
                    boolean finished = numbered.getKey() < lowestUnfinished;
                    if (finished) {
                        onRemoved.accept(numbered.getValue());
                    }
                    return finished;
                });
                releasedBelow = lowestUnfinished;
            }
            for (; releasedBelow < lowestUnfinished; releasedBelow++) {
                DuplicateTable.Entry entry = entries.remove(releasedBelow);
                if (entry != null) {
                    onRemoved.accept(entry);
                }
            }
        }
    }

    private final Consumer<Row> onLosing;

    // All below is owned by the loop's thread.
    private final LinkedHashMap<Incarnation, Row> rows = new LinkedHashMap<>();
    private final LinkedHashMap<Incarnation, Row> silent = new LinkedHashMap<>();
    private Incarnation lastTouched = NONE;
    private boolean rowsLost;

    /**
     * Knows of no ingress.
     *
     * @param onLosing told of a row before its requests are forgotten, because it is silent or one too many
     */
    IngressRows(Consumer<Row> onLosing) {
        this.onLosing = onLosing;
    }

    /** The row of an incarnation that was heard of: it stands last now. */
    Row touch(Incarnation incarnation, long position, long timeMillis) {
        Row row = lastTouched.equals(incarnation) ? rows.get(incarnation) : rows.remove(incarnation);
        if (row == null) {
            row = silent.remove(incarnation);
        }
        if (row == null) {
            row = new Row(incarnation);
            row.lossy = rowsLost;
        }
        row.lastPosition = position;
        row.lastTimeMillis = timeMillis;
        rows.putIfAbsent(incarnation, row);
        lastTouched = incarnation;
        loseBeyondBound();
        return row;
    }

    /** Null if there is none. */
    @Nullable
    Row find(Incarnation incarnation) {
        Row row = rows.get(incarnation);
        return row == null ? silent.get(incarnation) : row;
    }

    /** The row of the ingress that made an id; null if there is none. */
    @Nullable
    Row of(RequestId id) {
        return id instanceof RequestId.Made made ? find(made.first().incarnation()) : null;
    }

    /** Whether an absent request may have been delivered all the same. */
    boolean mayBeForgotten(RequestId id) {
        if (id instanceof RequestId.Made made) {
            CorrelationId first = made.first();
            Row row = find(first.incarnation());
            return row == null ? rowsLost : row.isLossy() || row.isReleased(first.number());
        }
        return false;
    }

    /** Of who was not heard of since a point in log time no request is remembered. */
    void loseSilentSince(long timeMillis) {
        Iterator<Map.Entry<Incarnation, Row>> longestSilent = rows.entrySet().iterator();
        while (longestSilent.hasNext()) {
            Map.Entry<Incarnation, Row> next = longestSilent.next();
            if (next.getValue().lastTimeMillis >= timeMillis) {
                break;
            }
            longestSilent.remove();
            onLosing.accept(next.getValue());
            silent.put(next.getKey(), next.getValue());
            lastTouched = next.getKey().equals(lastTouched) ? NONE : lastTouched;
        }
    }

    /** Whether rows were lost, so that nothing is known of an incarnation without one. */
    boolean rowsLost() {
        return rowsLost;
    }

    List<Checkpoint.Row> checkpoint() {
        List<Checkpoint.Row> copies = new ArrayList<>(rows.size() + silent.size());
        for (Map<Incarnation, Row> some : List.of(silent, rows)) {
            some.forEach((incarnation, row) -> copies.add(new Checkpoint.Row(
                    incarnation, row.releasedBelow, row.lastPosition, row.lastTimeMillis, row.lossy)));
        }
        return copies;
    }

    /** Takes over what a checkpoint holds, but for the requests; to be called before anything else. */
    void restore(Checkpoint checkpoint) {
        rowsLost = checkpoint.rowsLost();
        for (Checkpoint.Row saved : checkpoint.rows()) {
            Row row = new Row(saved.incarnation());
            row.releasedBelow = saved.releasedBelow();
            row.lastPosition = saved.lastPosition();
            row.lastTimeMillis = saved.lastTimeMillis();
            row.lossy = saved.lossy();
            rows.put(saved.incarnation(), row);
        }
    }

    private void loseBeyondBound() {
        while (rows.size() + silent.size() > ROWS_MAX) {
            Iterator<Row> eldest = (silent.isEmpty() ? rows : silent).values().iterator();
            onLosing.accept(eldest.next());
            eldest.remove();
            rowsLost = true;
        }
    }
}

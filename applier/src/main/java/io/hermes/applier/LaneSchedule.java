package io.hermes.applier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which call may be given to which lane next. Calls with the same conflict value keep their log order: while one is under way, the
 * next may only follow it on the same lane. Everything else goes to the lane with the fewest calls, earliest first.
 *
 * <p>Nothing here waits or knows a thread; the order in which answers come may be any.
 */
final class LaneSchedule {

    /** Calls with the same conflict value. */
    private static final class Row {
        /** Those not given to a lane yet, by index. */
        final Deque<Integer> waiting = new ArrayDeque<>();

        /** Where those under way are; of no meaning without any. */
        int lane;

        int underWay;
    }

    /**
     * A call for a lane.
     *
     * @param index of the call
     * @param lane its number
     */
    record Step(int index, int lane) {}

    private final List<Row> rowOf = new ArrayList<>();
    private final int depth;
    private final int[] load;
    /** Rows with nothing under way, by the index of their first waiting call. */
    private final TreeMap<Integer, Row> free = new TreeMap<>();
    /** For each lane the rows with something under way there and something waiting, likewise. */
    private final List<TreeMap<Integer, Row>> bound = new ArrayList<>();

    /**
     * Begins with nothing under way.
     *
     * @param conflicts the conflict value of each call, in log order
     * @param lanes how many there are
     * @param depth the most calls under way on one
     */
    LaneSchedule(List<String> conflicts, int lanes, int depth) {
        this.depth = depth;
        this.load = new int[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            bound.add(new TreeMap<>());
        }
        Map<String, Row> rows = new HashMap<>();
        for (String conflict : conflicts) {
            Row row = rows.computeIfAbsent(conflict, any -> new Row());
            if (row.waiting.isEmpty()) {
                free.put(rowOf.size(), row);
            }
            row.waiting.addLast(rowOf.size());
            rowOf.add(row);
        }
    }

    /**
     * Takes the next call that may be under way now.
     *
     * @param end only calls with an index below this one
     * @return null if there is none
     */
    @Nullable
    Step next(int end) {
        int best = -1;
        int bestIndex = end;
        for (int lane = 0; lane < load.length; lane++) {
            int index = Math.min(first(free, end), first(bound.get(lane), end));
            boolean isLess = best < 0 || load[lane] < load[best] || (load[lane] == load[best] && index < bestIndex);
            if (load[lane] < depth && index < end && isLess) {
                best = lane;
                bestIndex = index;
            }
        }
        if (best < 0) {
            return null;
        }
        take(bestIndex, best);
        return new Step(bestIndex, best);
    }

    /**
     * A call is under way no longer.
     *
     * @param index that {@link #next} gave
     */
    void onAnswer(int index) {
        Row row = rowOf.get(index);
        load[row.lane]--;
        row.underWay--;
        Integer next = row.waiting.peekFirst();
        if (row.underWay == 0 && next != null) {
            bound.get(row.lane).remove(next);
            free.put(next, row);
        }
    }

    private void take(int index, int lane) {
        Row row = rowOf.get(index);
        free.remove(index);
        bound.get(lane).remove(index);
        row.waiting.removeFirst();
        row.lane = lane;
        row.underWay++;
        load[lane]++;
        Integer next = row.waiting.peekFirst();
        if (next != null) {
            bound.get(lane).put(next, row);
        }
    }

    private static int first(SortedMap<Integer, Row> rows, int otherwise) {
        return rows.isEmpty() ? otherwise : rows.firstKey();
    }
}

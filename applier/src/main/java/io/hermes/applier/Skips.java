package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.SkipRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which requests operators gave up, as one history knows it from its beginning, and which of them it has left out. Owned by the loop's
 * thread.
 */
final class Skips {

    private final Map<Long, String> reasons;
    private final Set<Long> restored = new TreeSet<>();
    private final Set<Long> honoured = new TreeSet<>();

    /**
     * Those of a history that begins.
     *
     * @param reasons by position, as far as this run knows
     * @param checkpoint that the history goes on from; null if it begins with nothing
     */
    Skips(Map<Long, String> reasons, @Nullable Checkpoint checkpoint) {
        this.reasons = Map.copyOf(reasons);
        if (checkpoint != null) {
            honoured.addAll(checkpoint.honouredSkips());
            restored.addAll(checkpoint.anchor().knownSkips());
        }
    }

    /** Why a request is to be left out; null if it is not. */
    @Nullable
    String reason(long position) {
        return reasons.get(position);
    }

    /** A request is left out. */
    void onHonoured(long position) {
        honoured.add(position);
    }

    List<Long> honoured() {
        return List.copyOf(honoured);
    }

    /** All that are known, whether they were left out or not, up to a position. */
    List<Long> knownThrough(long position) {
        Set<Long> known = new TreeSet<>(restored);
        known.addAll(reasons.keySet());
        known.removeIf(skip -> skip > position);
        return List.copyOf(known);
    }

    /**
     * What a record means for a history that did not know it from its beginning.
     *
     * @param position of the record
     * @param keepsState whether the app's state outlives an incarnation
     * @return null if nothing; else the app was given the request
     */
    @Nullable
    SkipFoundException find(SkipRecord record, long position, boolean keepsState) {
        boolean isVoid = record.position() >= position;
        // Known and not honoured: what stands there was no request, or, if the app keeps its state, was executed.
        boolean known = (reasons.containsKey(record.position()) || restored.contains(record.position())) && !keepsState;
        return isVoid || honoured.contains(record.position()) || known
                ? null
                : new SkipFoundException(record.position(), record.reason());
    }
}

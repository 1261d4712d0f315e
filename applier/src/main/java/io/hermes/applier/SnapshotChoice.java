package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.Settings;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the snapshots at hand an incarnation may begin with: the newest that is whole, fits, and was not found to be of no use.
 *
 * <p>Used by the loop's thread.
 */
final class SnapshotChoice {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotChoice.class);

    private final SnapshotStore store;
    private final SnapshotVerifyLoop verifying;
    private final SnapshotConfig config;

    private final Map<Long, String> passedOver = new TreeMap<>();
    private final Set<Long> ruledOut = new TreeSet<>();

    SnapshotChoice(SnapshotStore store, SnapshotVerifyLoop verifying, SnapshotConfig config) {
        this.store = store;
        this.verifying = verifying;
        this.config = config;
    }

    /**
     * Reads snapshots through until one will do.
     *
     * @param need what it has to fit
     * @param exclusive only those of later positions will do
     * @return null if none will
     */
    Beginnings.@Nullable Chosen newestAfter(Beginnings.Need need, long exclusive) {
        for (long position : store.positions()) {
            if (ruledOut.contains(position) || position <= exclusive) {
                continue;
            }
            try {
                Beginnings.Chosen candidate = new Beginnings.Chosen(store.verify(position), store.checkpoint(position));
                String no = whyNot(candidate, need);
                if (no == null) {
                    return candidate;
                }
                passOver(position, no);
            } catch (IOException e) {
                reject(position, String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    /** A whole one was added: whatever was found of an earlier one of its position, it may be chosen. */
    void onAdded(long position) {
        ruledOut.remove(position);
        verifying.onAdded();
    }

    /** One was found to be of no use: it is not chosen again. */
    void reject(long position, String why) {
        ruledOut.add(position);
        passOver(position, why);
    }

    /** One that is about to be removed is not chosen, even if it cannot be. */
    void onRemoved(long position, String why) {
        ruledOut.add(position);
        passedOver.put(position, why);
    }

    /** One that is under way will be of no use: it is not chosen, even if it is done. */
    void onDiscarded(long position) {
        ruledOut.add(position);
    }

    /** For people: what was not chosen, and why; empty if there is nothing such. */
    String passedOver() {
        return passedOver.isEmpty() ? "" : passedOver.toString();
    }

    private void passOver(long position, String why) {
        LOG.warn("passing over a snapshot position={} reason={}", position, why);
        passedOver.put(position, why);
    }

    private @Nullable String whyNot(Beginnings.Chosen candidate, Beginnings.Need need) {
        Checkpoint checkpoint = candidate.checkpoint();
        if (checkpoint.position() != candidate.manifest().position()
                || checkpoint.anchor().recordSha256().isEmpty()) {
            return "its checkpoint is not of its position";
        }
        if (!checkpoint.logIdentity().equals(need.logIdentity())) {
            return "it belongs to another log, " + checkpoint.logIdentity();
        }
        if (!candidate.manifest().via().equals(config.via().name())) {
            return "it was taken with snapshot.via: " + candidate.manifest().via();
        }
        if (checkpoint.settings().featureLevel() > Settings.FEATURE_LEVEL) {
            return "a later version has taken it";
        }
        String began = checkpoint.initialState();
        if (began != null && !began.equals(need.initialState())) {
            return "its app began with another app.initial-state, " + began;
        }
        // A request that was given up since has been executed there.
        return need.skips().keySet().stream()
                .filter(skip -> skip <= checkpoint.position()
                        && !checkpoint.anchor().knownSkips().contains(skip))
                .findFirst()
                .map(skip -> "the request at position " + skip + " was given up since")
                .orElse(null);
    }
}

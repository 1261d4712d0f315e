package io.hermes.applier;

import io.hermes.proto.Notice;
import java.util.Comparator;
import java.util.List;

/** Which records no replica needs any more. Pure. */
final class LogTrim {

    private static final int COPIES_MIN = 2;

    private LogTrim() {}

    /**
     * The first record to keep.
     *
     * <p>A majority of all replicas, at least two of them, each of them alive, has two snapshots found whole lately, the older of
     * which is at or after that record; every replica known can be given a snapshot; and every live one has applied the record. All
     * replicas are those that the settings list; a replica that they do not list counts for nothing, and holds nothing back.
     *
     * @param known all replicas that are known, alive or not
     * @param live those that are alive
     * @param mostKnown how many there are if none is listed: at least those known, more if some were known before
     * @param listed the names that the settings of the log list; may be empty
     * @return a position; 0 if the whole log has to be kept
     */
    static long firstToKeep(
            List<Notice.OfReplica> known, List<Notice.OfReplica> live, int mostKnown, List<String> listed) {
        List<Notice.OfReplica> living =
                live.stream().filter(each -> isListed(each, listed)).toList();
        boolean allCanRestore = known.stream()
                .filter(each -> isListed(each, listed))
                .noneMatch(replica -> replica.snapshots().address().isEmpty());
        int count = listed.isEmpty() ? mostKnown : listed.size();
        // What only one disk holds is not safe, even if nobody else is known.
        int majority = Math.max(COPIES_MIN, count / 2 + 1);
        List<Long> older = living.stream()
                .map(replica -> replica.snapshots().olderPosition())
                .filter(position -> position > 0)
                .sorted(Comparator.reverseOrder())
                .toList();
        if (!allCanRestore || older.size() < majority) {
            return 0;
        }
        long applied = living.stream()
                .mapToLong(Notice.OfReplica::appliedThrough)
                .min()
                .orElse(0);
        return Math.min(older.get(majority - 1), applied);
    }

    /** Whether a replica counts as one of all. */
    static boolean isListed(Notice.OfReplica replica, List<String> listed) {
        return listed.isEmpty() || listed.contains(replica.replica());
    }
}

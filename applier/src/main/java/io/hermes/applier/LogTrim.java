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
     * which is at or after that record; every replica known can be given a snapshot; and every live one has applied the record.
     *
     * @param known all replicas that are known, alive or not
     * @param live those that are alive
     * @param count how many there are: at least those known, more if some were known before
     * @return a position; 0 if the whole log has to be kept
     */
    static long firstToKeep(List<Notice.OfReplica> known, List<Notice.OfReplica> live, int count) {
        boolean allCanRestore = known.stream()
                .noneMatch(replica -> replica.snapshots().address().isEmpty());
        // What only one disk holds is not safe, even if nobody else is known.
        int majority = Math.max(COPIES_MIN, count / 2 + 1);
        List<Long> older = live.stream()
                .map(replica -> replica.snapshots().olderPosition())
                .filter(position -> position > 0)
                .sorted(Comparator.reverseOrder())
                .toList();
        if (!allCanRestore || older.size() < majority) {
            return 0;
        }
        long applied =
                live.stream().mapToLong(Notice.OfReplica::appliedThrough).min().orElse(0);
        return Math.min(older.get(majority - 1), applied);
    }
}

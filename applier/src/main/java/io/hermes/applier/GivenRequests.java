package io.hermes.applier;

import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.WindowDetailRecord;
import io.hermes.proto.WindowDigestRecord;
import java.util.Set;

/**
 * Which requests a replica that goes on from a checkpoint gives to its app: neither repeats, nor what was cancelled, given up or came
 * too late, nor what is declared read-only. Decided from the log alone, as {@link History} does.
 *
 * <p>Owned by one thread.
 */
public final class GivenRequests {

    private final DuplicateTable table = new DuplicateTable();
    private final Set<Long> skips;
    private final Deciding deciding = new Deciding();
    private long timeMillis;

    /**
     * Goes on from a checkpoint.
     *
     * @param checkpoint to go on from
     * @param skips positions of the requests that were given up, told by records that may come later
     */
    GivenRequests(Checkpoint checkpoint, Set<Long> skips) {
        this.skips = Set.copyOf(skips);
        this.timeMillis = checkpoint.logTimeMillis();
        table.restore(checkpoint);
    }

    /**
     * Takes the next record of the log. To be called for each, in log order.
     *
     * @param position where it stands
     * @param content what it holds
     * @return whether the app is given it
     * @throws IllegalStateException if only a later version knows what follows from it
     */
    public boolean isGiven(long position, LogContent content) {
        deciding.position = position;
        return content.match(deciding);
    }

    private final class Deciding implements LogContent.Cases<Boolean> {

        private long position;

        @Override
        public Boolean request(RequestRecord record) {
            toTime(record.logTimeMillis());
            if (table.settings().routes().isReadOnly(record.request())) {
                table.pass(position, record, timeMillis);
                return false;
            }
            return table.deliver(position, record, timeMillis)
                    .match(first -> !skips.contains(position), repeat -> false, different -> false, () -> false);
        }

        @Override
        public Boolean barrier(BarrierRecord record) {
            toTime(record.logTimeMillis());
            return false;
        }

        @Override
        public Boolean inquiry(InquiryRecord record) {
            toTime(record.logTimeMillis());
            var unused = table.inquire(position, record, timeMillis);
            return false;
        }

        @Override
        public Boolean keep(KeepRecord record) {
            toTime(record.logTimeMillis());
            table.keep(position, record, timeMillis);
            return false;
        }

        @Override
        public Boolean settings(SettingsRecord record) {
            Settings next = History.later(table.settings(), record.settings());
            if (next != null) {
                if (next.featureLevel() > Settings.FEATURE_LEVEL) {
                    throw new IllegalStateException("the log needs feature level " + next.featureLevel()
                            + ", this version knows " + Settings.FEATURE_LEVEL + ": use that of the replicas");
                }
                table.toSettings(next);
            }
            return false;
        }

        @Override
        public Boolean askAgain(AskAgainRecord record) {
            return false;
        }

        @Override
        public Boolean skip(SkipRecord record) {
            return false;
        }

        @Override
        public Boolean initialState(InitialStateRecord record) {
            return false;
        }

        @Override
        public Boolean takeSnapshot(TakeSnapshotRecord record) {
            return false;
        }

        @Override
        public Boolean snapshotTaken(SnapshotTakenRecord record) {
            return false;
        }

        @Override
        public Boolean windowDigest(WindowDigestRecord record) {
            return false;
        }

        @Override
        public Boolean windowDetail(WindowDetailRecord record) {
            return false;
        }

        @Override
        public Boolean closeWindow(CloseWindowRecord record) {
            return false;
        }

        private void toTime(long millis) {
            timeMillis = Math.max(timeMillis, millis);
        }
    }
}

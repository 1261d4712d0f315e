package io.hermes.applier;

import io.hermes.log.OrderedLog;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes snapshots when a record of the log says so, and tells in the log what became of them. Owned by the loop's thread. */
final class SnapshotTaker implements SnapshotTaking {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);

    private static final int REASON_CHARS_MAX = 1_000;

    private final SnapshotWriter writer;
    private final SnapshotSchedule schedule;
    private final SnapshotBoard board;
    private final Beginnings beginnings;
    private final SnapshotChoice choice;
    private final String replica;

    // Written by the loop's thread, read by the metrics.
    private final AtomicLong takenCount = new AtomicLong();
    private final AtomicLong failedCount = new AtomicLong();
    private final AtomicLong pauseMillis = new AtomicLong();

    private boolean told;

    /**
     * None is taken yet.
     *
     * @param writer takes them
     * @param schedule knows when
     * @param board where others are told before
     * @param beginnings may be with one that an earlier run took
     * @param choice told of those taken
     * @param replica the name of this one
     */
    SnapshotTaker(
            SnapshotWriter writer,
            SnapshotSchedule schedule,
            SnapshotBoard board,
            Beginnings beginnings,
            SnapshotChoice choice,
            String replica) {
        this.writer = writer;
        this.schedule = schedule;
        this.board = board;
        this.beginnings = beginnings;
        this.choice = choice;
        this.replica = replica;
    }

    void register(MeterRegistry meters) {
        Gauge.builder("hermes.snapshot.pause.seconds", pauseMillis, millis -> millis.get() / 1e3)
                .description("How long the last snapshot that was taken kept the replica from applying")
                .register(meters);
        FunctionCounter.builder("hermes.snapshot.taken", takenCount, AtomicLong::get)
                .description("Snapshots taken by this run of the applier")
                .register(meters);
        FunctionCounter.builder("hermes.snapshot.failed", failedCount, AtomicLong::get)
                .description("Snapshots that this run of the applier was asked for and could not take")
                .register(meters);
    }

    @Override
    public void onAsked(long position, TakeSnapshotRecord record) {
        schedule.onAsked(position, record.replica());
    }

    @Override
    public void onTaken(SnapshotTakenRecord record) {
        schedule.onTaken(record);
    }

    @Override
    public void onApplied(int records) {
        schedule.onApplied(records);
    }

    @Override
    public void doWork(OrderedLog log, long after, Supplier<Checkpoint> checkpoint, BooleanSupplier alive) {
        if (writer.isBusy()) {
            tellOutcome(log);
            return;
        }
        if (!schedule.isAsked()) {
            // One that was announced may have been taken back since.
            board.toIdle();
        }
        if (schedule.isAsked() && !board.isAnnounced()) {
            return;
        }
        SnapshotSchedule.Asked asked = schedule.takeAsked(after);
        if (asked != null && asked.refusal() != null) {
            board.toIdle();
            schedule.onRefused();
            told = true;
            tell(log, SnapshotTakenRecord.failed(replica, asked.refusal()));
        } else if (asked != null) {
            told = true;
            writer.begin(checkpoint.get(), alive);
            tellOutcome(log);
        } else if (!told) {
            told = true;
            tellOfEarlierRun(log);
        } else if (schedule.isDue() && board.allKnowSnapshots()) {
            var unused = log.append(RecordCodec.encode(new TakeSnapshotRecord(replica)));
        }
    }

    /** An earlier run may have ended before it could tell, and others wait for its word. */
    private void tellOfEarlierRun(OrderedLog log) {
        Beginnings.Chosen own = beginnings.chosen();
        if (own != null && own.manifest().replica().equals(replica)) {
            tell(log, taken(own.manifest()));
        }
    }

    private void tellOutcome(OrderedLog log) {
        SnapshotWriter.Outcome outcome = writer.poll();
        if (outcome == null) {
            return;
        }
        board.toIdle();
        SnapshotManifest manifest = outcome.manifest();
        if (manifest == null) {
            failedCount.incrementAndGet();
            LOG.error("snapshot not taken position={} reason={}", outcome.position(), outcome.failure());
            tell(log, SnapshotTakenRecord.failed(replica, shortened(outcome.failure())));
            return;
        }
        pauseMillis.set(outcome.pauseMillis());
        takenCount.incrementAndGet();
        schedule.onDone();
        choice.onAdded(manifest.position());
        LOG.info(
                "snapshot taken position={} bytes={} pauseMillis={} millis={}",
                manifest.position(),
                manifest.bytes(),
                outcome.pauseMillis(),
                outcome.millis());
        tell(log, taken(manifest));
    }

    private SnapshotTakenRecord taken(SnapshotManifest manifest) {
        return new SnapshotTakenRecord(replica, manifest.position(), manifest.bytes(), manifest.sha256(), "");
    }

    private static String shortened(String why) {
        return why.length() <= REASON_CHARS_MAX ? why : why.substring(0, REASON_CHARS_MAX) + "…";
    }

    private static void tell(OrderedLog log, SnapshotTakenRecord record) {
        var unused = log.append(RecordCodec.encode(record));
    }
}

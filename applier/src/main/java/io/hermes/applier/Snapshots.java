package io.hermes.applier;

import io.hermes.log.Bulletin;
import io.hermes.log.Inbox;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Settings;
import io.hermes.proto.SnapshotCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one replica: takes them when a record of the log says so, and decides what the next incarnation of the app begins
 * with: the newest whole one at hand, else a peer's, else nothing.
 *
 * <p>Used by the apply loop's thread, but for what says otherwise.
 */
public final class Snapshots implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** How long to wait for the board to show what was told before this run began. */
    private static final long BOARD_NANOS = 3_000_000_000L;
    /** How long to wait for a peer with a snapshot, if nothing else will do. */
    private static final long PEER_NANOS = 60_000_000_000L;

    /** A peer that fell silent while it sent is asked again after so long, if no other one has sent its own. */
    private static final long AGAIN_NANOS = 5_000_000_000L;
    /** As long as no run lasts. */
    private static final long NEVER_NANOS = Long.MAX_VALUE / 4;

    /** A peer that dies again and again is left for another. */
    private static final int FOLLOWED_MAX = 5;

    /** So long before a snapshot the ingresses are told to ask others, and what they had asked is answered. */
    private static final long ANNOUNCED_NANOS = 100_000_000L;

    private static final int REASON_CHARS_MAX = 1_000;

    private final SnapshotConfig config;
    private final AppState app;
    private final String replica;
    private final LongSupplier nanoClock;
    private final Failpoints failpoints;
    private final SnapshotStore store;
    private final SnapshotWriter writer;
    private final SnapshotVerifyLoop verifying;
    private final SnapshotSchedule schedule;
    private final SnapshotPeers peers;

    // Written by the loop's thread, read by the metrics.
    private final AtomicLong takenCount = new AtomicLong();
    private final AtomicLong failedCount = new AtomicLong();
    private final AtomicLong restoredCount = new AtomicLong();
    private final AtomicLong pauseMillis = new AtomicLong();

    // Set before the loop's thread is started.
    private @Nullable ReplicaLink link;
    private @Nullable Incarnation run;
    private @Nullable SnapshotServer server;
    private Bulletin.@Nullable Watch watch;
    private Runnable onNews = () -> {};
    private @Nullable InitialState initial;

    // Written by the loop's thread, read by those of the bulletin.
    private volatile boolean underWay;
    // Written by the loop's thread, read by the link's.
    private volatile @Nullable SnapshotFetch fetch;

    // All below is owned by the loop's thread.
    private @Nullable Inbox pieces;
    private @Nullable Chosen chosen;
    private final Map<Long, String> passedOver = new TreeMap<>();
    private final Set<Long> rejected = new TreeSet<>();
    // Until when a peer's snapshot is not fetched again, by the digest of its manifest.
    private final Map<String, Long> notBefore = new HashMap<>();
    private int followed;
    private long fetchingSinceNanos;
    private long announcedNanos;
    private boolean beginningGone;
    private long trimmedThrough;
    private boolean told;
    private boolean looked;
    private boolean waiting;
    private long waitingSinceNanos;

    /**
     * What an incarnation begins with.
     *
     * @param manifest of the snapshot
     * @param checkpoint in it
     */
    record Chosen(SnapshotManifest manifest, Checkpoint checkpoint) {}

    /**
     * What a snapshot has to fit.
     *
     * @param logIdentity of the log in use
     * @param skips requests that operators gave up, as far as this run knows
     * @param initialState digest of what this replica's app would begin with
     */
    record Need(String logIdentity, Map<Long, String> skips, String initialState) {}

    /**
     * Makes them; nothing is read or written yet.
     *
     * @param config how they are taken and kept
     * @param app how its state is got
     * @param replica its name
     * @param failpoints passed while one is taken or brought back
     * @param nanoClock for schedules and patience
     */
    Snapshots(SnapshotConfig config, AppState app, String replica, Failpoints failpoints, LongSupplier nanoClock) {
        this.config = config;
        this.app = app;
        this.replica = replica;
        this.nanoClock = nanoClock;
        this.failpoints = failpoints;
        this.store = new SnapshotStore(config.store(), failpoints);
        this.writer = new SnapshotWriter(
                store, new SnapshotStore.Origin(replica, config.via().name(), config.appVersion()), nanoClock);
        this.verifying = new SnapshotVerifyLoop(store, config, nanoClock);
        this.schedule = new SnapshotSchedule(replica, config.due(), nanoClock);
        this.peers = new SnapshotPeers(nanoClock);
    }

    /** An incarnation that begins with no snapshot begins with this. To be called before the loop runs. */
    void beginWith(InitialState ofSnapshot) {
        initial = ofSnapshot;
    }

    /** Makes the folder, without peers and without a thread: for a loop that is stepped by hand. */
    void open() throws IOException {
        store.open();
    }

    /** Likewise; what is left to do when the app's state was got is done when this says so. */
    void open(Executor finishing) throws IOException {
        open();
        writer.finishBy(finishing);
    }

    /**
     * Makes the folder, and begins to listen to peers.
     *
     * @param backend by which they are reached
     * @param incarnation this run
     * @throws IOException if the folder cannot be made
     */
    void open(LogBackend backend, Incarnation incarnation) throws IOException {
        open();
        run = incarnation;
        watch = backend.bulletin().watch(peers);
        ReplicaLink opened = backend.link();
        if (opened != null) {
            link = opened;
            SnapshotServer serving = new SnapshotServer(opened, incarnation, store, failpoints);
            server = serving;
            serving.start();
        }
        if (config.trim()) {
            verifying.trim(backend.log(), peers, replica);
        }
        writer.start();
        verifying.start();
    }

    /** Has somebody put {@link #notice} up at once when it says something that others act on. To be called before the loop runs. */
    void onNews(Runnable action) {
        onNews = action;
    }

    /** Ends the threads, within 10 seconds. Idempotent. */
    @Override
    public void close() {
        Bulletin.Watch watching = watch;
        if (watching != null) {
            watching.close();
        }
        SnapshotServer serving = server;
        if (serving != null) {
            serving.close();
        }
        writer.close();
        verifying.close();
    }

    /** For the board. Any thread. */
    Notice.Snapshots notice() {
        List<SnapshotVerifyLoop.Whole> whole = verifying.whole();
        SnapshotServer serving = server;
        String address = serving == null ? "" : serving.address();
        if (whole.isEmpty()) {
            return new Notice.Snapshots(0, 0, 0, "", address, Settings.FEATURE_LEVEL, underWay);
        }
        SnapshotVerifyLoop.Whole newest = whole.get(0);
        return new Notice.Snapshots(
                newest.position(),
                whole.size() > 1 ? whole.get(1).position() : 0,
                newest.bytes(),
                newest.sha256(),
                address,
                Settings.FEATURE_LEVEL,
                underWay);
    }

    void register(MeterRegistry meters) {
        Gauge.builder("hermes.snapshot.position", this, snapshots -> snapshots
                        .notice()
                        .position())
                .description("The newest snapshot found whole lately is of the state after this position")
                .register(meters);
        Gauge.builder("hermes.snapshot.bytes", this, snapshots -> snapshots
                        .notice()
                        .bytes())
                .description("Size of that snapshot")
                .register(meters);
        Gauge.builder("hermes.snapshot.pause.seconds", pauseMillis, millis -> millis.get() / 1e3)
                .description("How long the last snapshot that was taken kept the replica from applying")
                .register(meters);
        FunctionCounter.builder("hermes.snapshot.taken", takenCount, AtomicLong::get)
                .description("Snapshots taken by this run of the applier")
                .register(meters);
        FunctionCounter.builder("hermes.snapshot.failed", failedCount, AtomicLong::get)
                .description("Snapshots that this run of the applier was asked for and could not take")
                .register(meters);
        FunctionCounter.builder("hermes.snapshot.restored", restoredCount, AtomicLong::get)
                .description("Incarnations of the app that began with a snapshot")
                .register(meters);
    }

    /**
     * Goes one step on in deciding what the next incarnation begins with. {@link #chosen} says it.
     *
     * @param need what a snapshot has to fit
     * @return false if it is not decided; then call again soon
     * @throws IllegalStateException if there is nothing to begin with, and nothing came in time
     */
    boolean decide(Need need) {
        SnapshotFetch current = fetch;
        if (current != null && !step(current)) {
            return false;
        }
        if (!looked) {
            chosen = newest(need);
            looked = true;
        }
        if (chosen != null) {
            return decided();
        }
        long now = nanoClock.getAsLong();
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = now;
        }
        if (run != null && link != null && fetchOrWait(now)) {
            return false;
        }
        if (!beginningGone) {
            return decided();
        }
        if (run != null && now - waitingSinceNanos < PEER_NANOS) {
            return false;
        }
        throw new IllegalStateException(explain());
    }

    /** Whether an app that keeps its state has none yet, so that it may be given one. */
    boolean mayFillEmptyApp() {
        return app.isEmpty();
    }

    /** The next incarnation goes on with the state that the app has. */
    void chooseNothing() {
        chosen = null;
    }

    private boolean decided() {
        looked = false;
        waiting = false;
        return true;
    }

    /** For people: what is being waited for. */
    String progress() {
        SnapshotFetch current = fetch;
        return current != null ? current.progress() : "looking for a snapshot to begin with";
    }

    /** What the incarnation begins with; null for nothing. */
    @Nullable
    Chosen chosen() {
        return chosen;
    }

    /** Brings what was chosen, or the initial state, back before the app is started; null if the app begins with nothing of ours. */
    AppHost.@Nullable Filling filling() {
        Chosen from = chosen;
        InitialState first = initial;
        if (from != null) {
            return filling(() -> restore(from, app::restoreBeforeStart));
        }
        return first == null
                ? null
                : filling(() -> app.restoreBeforeStart(first.path().toAbsolutePath()));
    }

    /** Something that brings a state back. */
    private interface Fill {
        void fill() throws IOException;
    }

    private AppHost.Filling filling(Fill fill) {
        return new AppHost.Filling() {
            @Override
            public boolean replacesDirectory() {
                return app.replacesDirectory();
            }

            @Override
            public void fill() throws IOException {
                fill.fill();
                failpoints.at(Failpoint.INSIDE_RESTORE);
            }
        };
    }

    /**
     * Brings what was chosen, or the initial state, back now that the app listens, if that is the time for it.
     *
     * @throws AppGoneException if that failed; a snapshot is not chosen again then
     */
    void restoreWhenListening() throws AppGoneException {
        long startNanos = nanoClock.getAsLong();
        Chosen from = chosen;
        InitialState first = initial;
        try {
            if (from != null) {
                restore(from, app::restoreWhenListening);
            } else if (first != null) {
                app.restoreWhenListening(first.path().toAbsolutePath());
                LOG.info("replica begins with app.initial-state file={}", first.path());
            }
        } catch (IOException e) {
            throw new AppGoneException("the app does not take its state back: " + e.getMessage());
        }
        if (from == null) {
            return;
        }
        restoredCount.incrementAndGet();
        LOG.info(
                "replica begins with a snapshot position={} bytes={} takenBy={} millis={}",
                from.manifest().position(),
                from.manifest().bytes(),
                from.manifest().replica(),
                (nanoClock.getAsLong() - startNanos) / 1_000_000);
    }

    /** The snapshot that was chosen does not fit the log after all: it is not chosen again. */
    void reject(long position, String why) {
        LOG.warn("passing over a snapshot position={} reason={}", position, why);
        rejected.add(position);
        passedOver.put(position, why);
    }

    /**
     * This replica's app is not to be trusted from a position on: snapshots of it are not kept, nor the one that is under way.
     * Those of peers are.
     *
     * @param position the last one at which it was right
     */
    void discardOwnAfter(long position) {
        long unfinished = writer.discardAfter(position);
        if (unfinished > 0) {
            rejected.add(unfinished);
        }
        for (long each : store.positions()) {
            if (each > position && isOwnOrUnknown(each)) {
                LOG.warn("discarding a snapshot position={} reason=of an app that was contradicted", each);
                rejected.add(each);
                passedOver.put(each, "it is of an app that other replicas contradicted");
                store.remove(each);
            }
        }
        verifying.onAdded();
    }

    private boolean isOwnOrUnknown(long position) {
        try {
            return store.manifest(position).replica().equals(replica);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The log no longer holds what follows a position.
     *
     * @param position that the replica was at
     */
    void onTrimmed(long position) {
        beginningGone = true;
        trimmedThrough = Math.max(trimmedThrough, position);
    }

    /** A record asks somebody for a snapshot. */
    void onAsked(long position, TakeSnapshotRecord record) {
        schedule.onAsked(position, record.replica());
    }

    /** A record says what became of that. */
    void onTaken(SnapshotTakenRecord record) {
        schedule.onTaken(record);
    }

    /** The replicas that the settings in force list; to be called while this one serves, so that no older list comes back. */
    void toListed(List<String> replicas) {
        verifying.toListed(replicas);
    }

    /** As it was told last. */
    List<String> listed() {
        return verifying.listed();
    }

    void onApplied(int records) {
        schedule.onApplied(records);
    }

    /**
     * Takes a snapshot if this replica was asked for one, tells what became of it, and asks for one if one is due. To be called
     * between two batches, while the replica serves.
     *
     * @param log appended to
     * @param after what was asked for up to this position was for an earlier run
     * @param checkpoint of this moment
     * @param alive whether the app is; asked after its state was got
     */
    void doWork(OrderedLog log, long after, Supplier<Checkpoint> checkpoint, BooleanSupplier alive) {
        if (writer.isBusy()) {
            tellOutcome(log);
            return;
        }
        if (!schedule.isAsked()) {
            // One that was announced may have been taken back since.
            toUnderWay(false);
        }
        if (schedule.isAsked() && !isAnnounced()) {
            return;
        }
        SnapshotSchedule.Asked asked = schedule.takeAsked(after);
        if (asked != null && asked.refusal() != null) {
            toUnderWay(false);
            schedule.onRefused();
            told = true;
            tell(log, SnapshotTakenRecord.failed(replica, asked.refusal()));
        } else if (asked != null) {
            told = true;
            begin(checkpoint.get(), alive);
            tellOutcome(log);
        } else if (!told) {
            told = true;
            tellOfEarlierRun(log);
        } else if (schedule.isDue() && allKnowSnapshots()) {
            var unused = log.append(RecordCodec.encode(new TakeSnapshotRecord(replica)));
        }
    }

    /** What is to be answered meanwhile is given to others, if they are told soon enough. */
    private boolean isAnnounced() {
        if (!underWay) {
            announcedNanos = nanoClock.getAsLong();
            toUnderWay(true);
        }
        return run == null || nanoClock.getAsLong() - announcedNanos >= ANNOUNCED_NANOS;
    }

    private void toUnderWay(boolean now) {
        if (underWay != now) {
            underWay = now;
            onNews.run();
        }
    }

    /** An earlier run may have ended before it could tell, and others wait for its word. */
    private void tellOfEarlierRun(OrderedLog log) {
        Chosen own = chosen;
        if (own != null && own.manifest().replica().equals(replica)) {
            SnapshotManifest manifest = own.manifest();
            tell(log, new SnapshotTakenRecord(replica, manifest.position(), manifest.bytes(), manifest.sha256(), ""));
        }
    }

    private boolean allKnowSnapshots() {
        return peers.live().stream()
                .allMatch(each -> each.snapshots().featureLevel() >= Settings.FEATURE_LEVEL_OF_SNAPSHOTS);
    }

    private void begin(Checkpoint checkpoint, BooleanSupplier alive) {
        writer.begin(checkpoint, file -> {
            app.save(file);
            if (!alive.getAsBoolean()) {
                throw new IOException("the app ended while its state was copied");
            }
        });
    }

    private void tellOutcome(OrderedLog log) {
        SnapshotWriter.Outcome outcome = writer.poll();
        if (outcome == null) {
            return;
        }
        toUnderWay(false);
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
        rejected.remove(manifest.position());
        verifying.onAdded();
        LOG.info(
                "snapshot taken position={} bytes={} pauseMillis={} millis={}",
                manifest.position(),
                manifest.bytes(),
                outcome.pauseMillis(),
                outcome.millis());
        tell(log, new SnapshotTakenRecord(replica, manifest.position(), manifest.bytes(), manifest.sha256(), ""));
    }

    private static String shortened(String why) {
        return why.length() <= REASON_CHARS_MAX ? why : why.substring(0, REASON_CHARS_MAX) + "…";
    }

    private static void tell(OrderedLog log, SnapshotTakenRecord record) {
        var unused = log.append(RecordCodec.encode(record));
    }

    /** One of the two ways of bringing a state back. */
    private interface Restoring {
        void from(Path file) throws IOException;
    }

    private void restore(Chosen from, Restoring way) throws IOException {
        long position = from.manifest().position();
        try {
            way.from(store.file(position, SnapshotPart.APP).toAbsolutePath());
        } catch (IOException e) {
            reject(position, "the app's state could not be brought back: " + e.getMessage());
            throw e;
        }
    }

    private @Nullable Chosen newest(Need need) {
        for (long position : store.positions()) {
            if (rejected.contains(position) || (beginningGone && position <= trimmedThrough)) {
                continue;
            }
            try {
                Chosen candidate = new Chosen(store.verify(position), store.checkpoint(position));
                String no = whyNot(candidate, need);
                if (no == null) {
                    return candidate;
                }
                LOG.warn("passing over a snapshot position={} reason={}", position, no);
                passedOver.put(position, no);
            } catch (IOException e) {
                reject(position, String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    private @Nullable String whyNot(Chosen candidate, Need need) {
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

    /** Whether to wait: pieces are coming, or the board has not told everything. */
    private boolean fetchOrWait(long now) {
        boolean heard = peers.hasHeard(Objects.requireNonNull(run));
        boolean patient = now - waitingSinceNanos < BOARD_NANOS;
        if (!heard) {
            return patient;
        }
        Optional<Notice.OfReplica> live = peers.live().stream()
                .filter(this::isWanted)
                .max(Comparator.comparingLong(peer -> peer.snapshots().position()));
        if (live.isPresent()) {
            begin(live.get());
            return true;
        }
        // An old notice, or one of a peer that will be heard again within a second.
        return patient && peers.known().stream().anyMatch(this::isWanted);
    }

    private boolean isWanted(Notice.OfReplica peer) {
        Notice.Snapshots snapshots = peer.snapshots();
        return !peer.replica().equals(replica)
                && snapshots.position() > 0
                && !snapshots.address().isEmpty()
                && mayBeFetched(snapshots.sha256())
                && (!beginningGone || snapshots.position() > trimmedThrough);
    }

    private boolean mayBeFetched(String sha256) {
        Long notBeforeNanos = notBefore.get(sha256);
        return notBeforeNanos == null || nanoClock.getAsLong() - notBeforeNanos >= 0;
    }

    private void begin(Notice.OfReplica peer) {
        // Whatever comes of it: if it is of use it will be at hand.
        notBefore.put(peer.snapshots().sha256(), nanoClock.getAsLong() + NEVER_NANOS);
        ReplicaLink asking = Objects.requireNonNull(link);
        try {
            Inbox inbox = pieces;
            if (inbox == null) {
                inbox = asking.listen(Objects.requireNonNull(run).value() + "/pieces", this::onPiece);
                pieces = inbox;
            }
            LOG.info(
                    "fetching a snapshot position={} bytes={} from={}",
                    peer.snapshots().position(),
                    peer.snapshots().bytes(),
                    peer.replica());
            fetchingSinceNanos = nanoClock.getAsLong();
            fetch = new SnapshotFetch(asking, inbox.address().value(), peer, store, nanoClock);
        } catch (IOException e) {
            fetch = null;
            LOG.warn("cannot fetch a snapshot from={} reason={}", peer.replica(), e.toString());
        }
    }

    /** A peer that died and runs again has its snapshot still, but elsewhere. */
    private Optional<Notice.OfReplica> movedAway(SnapshotFetch current) {
        return peers.live().stream()
                .filter(peer -> peer.replica().equals(current.from())
                        && peer.snapshots().sha256().equals(current.sha256())
                        && !peer.snapshots().address().equals(current.address()))
                .findFirst();
    }

    private boolean step(SnapshotFetch current) {
        Optional<Notice.OfReplica> moved = movedAway(current);
        if (moved.isPresent() && followed < FOLLOWED_MAX) {
            followed++;
            current.close();
            waitingSinceNanos += nanoClock.getAsLong() - fetchingSinceNanos;
            begin(moved.get());
            return false;
        }
        try {
            var unused = current.step();
            if (!current.isDone()) {
                return false;
            }
            rejected.remove(current.position());
            verifying.onAdded();
        } catch (IOException e) {
            if (current.isSilent()) {
                notBefore.put(current.sha256(), nanoClock.getAsLong() + AGAIN_NANOS);
            }
            LOG.warn(
                    "snapshot not fetched position={} from={} reason={}",
                    current.position(),
                    current.from(),
                    e.toString());
        }
        current.close();
        // Patience is for what does not come at all.
        waitingSinceNanos += nanoClock.getAsLong() - fetchingSinceNanos;
        fetch = null;
        looked = false;
        return true;
    }

    /** On the link's thread. */
    private void onPiece(byte[] bytes) {
        SnapshotFetch current = fetch;
        if (current == null) {
            return;
        }
        try {
            current.onPiece(SnapshotCodec.decodePiece(bytes));
        } catch (UndecodableException e) {
            LOG.warn("passing over an undecodable piece reason={}", e.getMessage());
        }
    }

    private String explain() {
        return "the log no longer holds what follows position " + trimmedThrough
                + ", and there is no snapshot to begin with"
                + (passedOver.isEmpty() ? "" : " (passed over: " + passedOver + ")")
                + ": start a replica that has one (./hermes status shows who has), or copy a folder of its snapshots into "
                + config.store().toAbsolutePath() + ", then start this one again";
    }
}

package io.hermes.applier;

import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The snapshots of a replica that keeps some: puts their parts together, and begins and ends the threads. */
final class KeptSnapshots extends Snapshots {

    private final SnapshotConfig config;
    private final String replica;
    private final Failpoints failpoints;
    private final SnapshotStore store;
    private final SnapshotPeers peers;
    private final SnapshotWriter writer;
    private final SnapshotVerifyLoop verifying;
    private final SnapshotBoard board;
    private final PeerSnapshots fetching;
    private final SnapshotRestore restore;
    private final SnapshotBeginnings beginnings;
    private final SnapshotTaker taker;
    private final SnapshotDiscard discard;

    // Set before the loop's thread is started.
    private @Nullable SnapshotServer server;
    private Bulletin.@Nullable Watch watch;

    /**
     * Makes them; nothing is read or written yet.
     *
     * @param app how its state is got
     * @param initial what an incarnation begins with that begins with no snapshot; null for nothing
     * @param replica its name
     * @param config how they are taken and kept
     * @param failpoints passed while one is taken or brought back
     * @param nanoClock for schedules and patience
     */
    KeptSnapshots(
            AppState app,
            @Nullable InitialState initial,
            String replica,
            SnapshotConfig config,
            Failpoints failpoints,
            LongSupplier nanoClock) {
        this.config = config;
        this.replica = replica;
        this.failpoints = failpoints;
        SnapshotStore.Origin origin =
                new SnapshotStore.Origin(replica, config.via().name(), config.appVersion());
        SnapshotSchedule schedule = new SnapshotSchedule(replica, config.due(), nanoClock);
        this.store = new SnapshotStore(config.store(), failpoints);
        this.peers = new SnapshotPeers(nanoClock);
        this.writer = new SnapshotWriter(store, app, origin, nanoClock);
        this.verifying = new SnapshotVerifyLoop(store, config, nanoClock);
        this.board = new SnapshotBoard(verifying, peers, nanoClock);
        SnapshotChoice choice = new SnapshotChoice(store, verifying, config);
        this.fetching = new PeerSnapshots(store, choice, peers, replica, nanoClock);
        this.restore = new SnapshotRestore(store, choice, app, initial, failpoints, nanoClock);
        this.beginnings = new SnapshotBeginnings(choice, fetching, restore, config.store(), nanoClock);
        this.taker = new SnapshotTaker(writer, schedule, board, beginnings, choice, replica);
        this.discard = new SnapshotDiscard(store, writer, choice, verifying, replica);
    }

    @Override
    void onNews(Runnable action) {
        board.onNews(action);
    }

    /**
     * Makes the folder, without peers and without a thread: for a loop that is stepped by hand.
     *
     * @param finishing what is left to do when the app's state was got is done when this says so
     */
    void open(Executor finishing) throws IOException {
        store.open();
        writer.finishBy(finishing);
    }

    @Override
    void open(LogBackend backend, Incarnation incarnation) throws IOException {
        store.open();
        watch = backend.bulletin().watch(peers);
        ReplicaLink link = backend.link();
        fetching.open(incarnation, link);
        if (link != null) {
            SnapshotServer serving = new SnapshotServer(link, incarnation, store, failpoints);
            server = serving;
            serving.start();
        }
        board.open(server);
        if (config.trim()) {
            verifying.trim(backend.log(), peers, replica);
        }
        writer.start();
        verifying.start();
    }

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

    @Override
    Notice.Snapshots notice() {
        return board.notice();
    }

    @Override
    void register(MeterRegistry meters) {
        board.register(meters);
        taker.register(meters);
        restore.register(meters);
    }

    @Override
    Beginnings beginnings() {
        return beginnings;
    }

    @Override
    SnapshotTaking taking() {
        return taker;
    }

    @Override
    void toListed(List<String> replicas) {
        verifying.toListed(replicas);
    }

    /** As it was told last. */
    List<String> listed() {
        return verifying.listed();
    }

    @Override
    void discardOwnAfter(long position) {
        discard.ownAfter(position);
    }
}

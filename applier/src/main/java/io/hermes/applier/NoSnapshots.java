package io.hermes.applier;

import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** A replica that keeps no snapshots: each incarnation of its app begins with nothing, and it takes none. */
final class NoSnapshots extends Snapshots {

    @Override
    void onNews(Runnable action) {}

    @Override
    void open(LogBackend backend, Incarnation incarnation) {}

    @Override
    Notice.Snapshots notice() {
        return new Notice.Snapshots(0, 0, 0, "", "", Settings.FEATURE_LEVEL);
    }

    @Override
    void register(MeterRegistry meters) {}

    @Override
    Beginnings beginnings() {
        return Beginnings.NOTHING;
    }

    @Override
    SnapshotTaking taking() {
        return SnapshotTaking.NONE;
    }

    @Override
    void toListed(List<String> replicas) {}

    @Override
    void discardOwnAfter(long position) {}

    @Override
    public void close() {}
}

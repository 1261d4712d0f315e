package io.hermes.log.tck;

import io.hermes.log.Bulletin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers all that it was told, in order: {@code key=value} and {@code key withdrawn}. */
final class RecordingWatcher implements Bulletin.Watcher {

    // Concurrent: told on the backend's thread, looked at by the test's.
    private final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void onValue(String key, byte[] value) {
        told.add(key + "=" + new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void onWithdrawn(String key) {
        told.add(key + " withdrawn");
    }

    /** Everything so far. */
    List<String> told() {
        return List.copyOf(told);
    }
}

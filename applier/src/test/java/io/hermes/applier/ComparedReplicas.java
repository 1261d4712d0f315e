package io.hermes.applier;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Three replicas over one log in memory that compare their answers, in windows of four unless a test says otherwise; stepped by hand. */
final class ComparedReplicas implements AutoCloseable {

    static final List<String> NAMES = List.of("replica-0", "replica-1", "replica-2");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final List<ComparedReplica> replicas = new ArrayList<>();
    private final @Nullable Path directory;
    private int requests;
    private int batchBytes = 1_000;

    /** Nobody is there yet. What replicas write down is in a folder of their name in this one; null: they write nothing down. */
    ComparedReplicas(@Nullable Path directory) {
        this.directory = directory;
    }

    @Override
    public void close() {
        replicas.forEach(ComparedReplica::close);
    }

    /** Replicas added from now on read so much at once. */
    void batchesOf(int bytes) {
        batchBytes = bytes;
    }

    /** All three, of which the last may be wrong. */
    void begin(ComparedReplica.Wrong third) {
        begin(new Windows(4, List.of("content-type"), NAMES), "", third);
    }

    void begin(Windows windows, String thirdVersion, ComparedReplica.Wrong third) {
        beginTwo(windows, ComparedReplica.Wrong.NEVER);
        add("replica-2", false, windows, thirdVersion, third);
        settle();
    }

    /** The first two; nothing was done yet. */
    void beginTwo(Windows windows, ComparedReplica.Wrong second) {
        append(new SettingsRecord(settings(1, windows)));
        add("replica-0", false, windows, "", ComparedReplica.Wrong.NEVER);
        add("replica-1", false, windows, "", second);
    }

    void add(String name, boolean aware, Windows windows, String version, ComparedReplica.Wrong wrong) {
        Path folder = directory;
        add(new ComparedReplica(cluster, name, aware, wrong)
                .with(settings(1, windows), version, folder == null ? null : folder.resolve(name), batchBytes));
    }

    void add(ComparedReplica replica) {
        replicas.add(replica);
    }

    void removeThird() {
        replicas.remove(2).close();
    }

    MemoryCluster cluster() {
        return cluster;
    }

    List<ComparedReplica> all() {
        return List.copyOf(replicas);
    }

    ComparedReplica get(int number) {
        return replicas.get(number);
    }

    /** From now on the log lists these. */
    void list(long revision, String... names) {
        append(new SettingsRecord(settings(revision, new Windows(4, List.of("content-type"), List.of(names)))));
        settle();
    }

    /** So many requests, each executed by all before the next one. */
    void request(int count) {
        settle();
        for (int i = 0; i < count; i++) {
            appendMany(1);
            settle();
        }
        settle();
    }

    /** So many requests, at once. */
    void appendMany(int count) {
        for (int i = 0; i < count; i++) {
            append(Calls.record(++requests));
        }
    }

    /** The last request once more. */
    void repeat() {
        append(Calls.record(Math.max(1, requests)));
    }

    long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }

    void settle() {
        for (int i = 0; i < 150; i++) {
            replicas.forEach(ComparedReplica::step);
        }
    }

    void step(int replica, int times) {
        for (int i = 0; i < times; i++) {
            replicas.get(replica).step();
        }
    }

    List<WindowDigestRecord> digests() throws UndecodableException {
        List<WindowDigestRecord> digests = new ArrayList<>();
        for (LogContent content : contents()) {
            if (content instanceof WindowDigestRecord digest) {
                digests.add(digest);
            }
        }
        return digests;
    }

    List<LogContent> contents() throws UndecodableException {
        List<LogContent> contents = new ArrayList<>();
        try (LogReader reader = backend.log().openReader(new Position(0))) {
            for (List<LogRecord> batch = reader.read(1 << 20, Duration.ZERO);
                    !batch.isEmpty();
                    batch = reader.read(1 << 20, Duration.ZERO)) {
                for (LogRecord record : batch) {
                    contents.add(RecordCodec.decode(record.bytes()));
                }
            }
        }
        return contents;
    }

    static Settings settings(long revision, Windows windows) {
        return new Settings(revision, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000)
                .withWindows(windows);
    }
}

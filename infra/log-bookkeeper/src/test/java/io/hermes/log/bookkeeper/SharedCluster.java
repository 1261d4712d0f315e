package io.hermes.log.bookkeeper;

import io.hermes.log.FaultHandler;
import io.hermes.log.bookkeeper.BookKeeperConfig.SequencerConfig;
import io.hermes.log.bookkeeper.embedded.EmbeddedBookKeeper;
import io.hermes.log.direct.DirectConfig;
import io.hermes.log.direct.DirectReplyBus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three bookies for all test classes of the module that do not harm them; each test takes a log of its own. */
final class SharedCluster {

    static final int BOOKIES = 3;

    private static @Nullable EmbeddedBookKeeper cluster;

    private SharedCluster() {}

    static BookKeeperConfig config(String logName) {
        return config(cluster(), logName);
    }

    static BookKeeperConfig config(EmbeddedBookKeeper of, String logName) {
        return BookKeeperConfig.of(of.connect(), "/" + logName, SequencerConfig.loopback());
    }

    static BookKeeperLogBackend open(BookKeeperConfig config) {
        return open(config, (what, cause) -> {});
    }

    static BookKeeperLogBackend open(BookKeeperConfig config, FaultHandler faults) {
        DirectReplyBus replies =
                new DirectReplyBus(DirectConfig.of("127.0.0.1", "127.0.0.1", 0), faults, System::nanoTime);
        return BookKeeperLogBackend.open(config, replies, faults, System::nanoTime, new Random());
    }

    static synchronized EmbeddedBookKeeper cluster() {
        if (cluster == null) {
            try {
                Path directory = Files.createTempDirectory("hermes-bookkeeper");
                EmbeddedBookKeeper started = EmbeddedBookKeeper.start(directory, BOOKIES);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started, directory), "shared-cluster-end-0"));
                cluster = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cluster;
    }

    /** Kills the bookies and starts them again on what they have on disk. */
    static synchronized void restart() {
        EmbeddedBookKeeper present = cluster();
        for (int id = 0; id < BOOKIES; id++) {
            present.bookie(id).kill();
        }
        for (int id = 0; id < BOOKIES; id++) {
            present.bookie(id).start();
        }
        present.awaitBookies(BOOKIES);
    }

    private static void end(EmbeddedBookKeeper started, Path directory) {
        started.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

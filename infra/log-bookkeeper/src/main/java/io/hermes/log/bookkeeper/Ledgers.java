package io.hermes.log.bookkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hermes.log.LogUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.api.DigestType;
import org.apache.bookkeeper.client.api.LedgerEntries;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.apache.bookkeeper.client.api.WriteHandle;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledgers of one log, as BookKeeper's client gives them. Safe for use by several threads. */
final class Ledgers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledgers.class);

    private static final byte[] PASSWORD = new byte[0];
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    /** Ledgers are what other tools see: they should see whose they are. */
    private static final String APPLICATION = "application";

    private static final String LOG_IDENTITY = "hermes-log";
    private static final int DEGRADED_COPIES = 2;

    private final BookKeeper client;
    private final BookKeeperConfig config;

    private Ledgers(BookKeeper client, BookKeeperConfig config) {
        this.client = client;
        this.config = config;
    }

    /**
     * Connects to ZooKeeper.
     *
     * @throws LogUnavailableException if it does not answer
     */
    static Ledgers connect(BookKeeperConfig config) {
        try {
            return new Ledgers(new BookKeeper(configuration(config)), config);
        } catch (IOException | org.apache.bookkeeper.client.BKException e) {
            throw new LogUnavailableException(
                    "BookKeeper at " + config.zooKeeper() + config.ledgersPath() + " cannot be reached: "
                            + BookKeeperFailures.text(e) + ": is ZooKeeper there, and has a bookie prepared it?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted", e);
        }
    }

    static ClientConfiguration configuration(BookKeeperConfig config) {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setNumWorkerThreads(1);
        configuration.setNumIOThreads(1);
        configuration.setClientConnectTimeoutMillis(1_000);
        configuration.setAddEntryTimeout(3);
        configuration.setReadEntryTimeout(3);
        configuration.setZkTimeout(10_000);
        configuration.setFirstSpeculativeReadTimeout(100);
        configuration.setMaxSpeculativeReadTimeout(1_000);
        // A bookie can miss to wake a reader that begins to wait in the very moment of another notice: ask the next one
        // soon.
        configuration.setFirstSpeculativeReadLACTimeout(5);
        configuration.setMaxSpeculativeReadLACTimeout(20);
        configuration.setReorderReadSequenceEnabled(true);
        // It would block the caller of an append; group commit bounds what is under way.
        configuration.setThrottleValue(0);
        config.clientProperties().forEach(configuration::setProperty);
        // What our promises rest on comes last. A dead bookie must not stop a ledger that has enough others.
        configuration.setDelayEnsembleChange(true);
        configuration.setMetadataServiceUri(
                "zk+hierarchical://" + config.zooKeeper().replace(',', ';') + config.ledgersPath());
        return configuration;
    }

    /**
     * Makes a ledger, with two copies if there are too few bookies for more.
     *
     * @param logIdentity noted at the ledger
     * @throws LogUnavailableException if that does not succeed
     */
    WriteHandle create(String logIdentity) {
        try {
            return createWhole(logIdentity);
        } catch (LogUnavailableException e) {
            Throwable cause = e.getCause();
            if (config.copies() <= DEGRADED_COPIES || cause == null || !BookKeeperFailures.isTooFewBookies(cause)) {
                throw e;
            }
            LOG.error(
                    "too few bookies for copies={}: writing degraded copies={} until there are more",
                    config.copies(),
                    DEGRADED_COPIES);
            return create(logIdentity, DEGRADED_COPIES, DEGRADED_COPIES);
        }
    }

    /** Makes a ledger with as many copies as were asked for, or fails. */
    WriteHandle createWhole(String logIdentity) {
        return create(logIdentity, config.copies(), config.acknowledged());
    }

    /** Whether a ledger has fewer copies than were asked for. */
    boolean isDegraded(WriteHandle ledger) {
        return ledger.getLedgerMetadata().getWriteQuorumSize() < config.copies();
    }

    private WriteHandle create(String logIdentity, int copies, int acknowledged) {
        return BookKeeperFailures.await(
                "no ledger could be made",
                client.newCreateLedgerOp()
                        .withEnsembleSize(copies)
                        .withWriteQuorumSize(copies)
                        .withAckQuorumSize(Math.min(acknowledged, copies))
                        .withDigestType(DigestType.CRC32C)
                        .withPassword(PASSWORD)
                        .withCustomMetadata(Map.of(
                                APPLICATION, "hermes".getBytes(UTF_8), LOG_IDENTITY, logIdentity.getBytes(UTF_8)))
                        .execute(),
                ANSWER_WITHIN);
    }

    /** Opens a ledger so that whoever wrote to it cannot any more, and its end is settled. */
    CompletableFuture<ReadHandle> recover(long ledger) {
        return open(ledger, true);
    }

    /** Opens a ledger without disturbing whoever writes to it. */
    CompletableFuture<ReadHandle> openToRead(long ledger) {
        return open(ledger, false);
    }

    private CompletableFuture<ReadHandle> open(long ledger, boolean recovery) {
        return client.newOpenLedgerOp()
                .withLedgerId(ledger)
                .withDigestType(DigestType.CRC32C)
                .withPassword(PASSWORD)
                .withRecovery(recovery)
                .execute();
    }

    /** Deletes a ledger; one that is gone already is as good. */
    void delete(long ledger) {
        var unused = client.newDeleteLedgerOp().withLedgerId(ledger).execute().whenComplete((done, e) -> {
            if (e == null) {
                LOG.info("ledger deleted ledger={}", ledger);
            } else if (!BookKeeperFailures.isNoSuchLedger(e)) {
                LOG.warn("ledger could not be deleted ledger={} reason={}", ledger, BookKeeperFailures.text(e));
            }
        });
    }

    /** The position after the last record of a ledger, as far as it is confirmed; its first position if it has none. */
    static CompletableFuture<Long> nextOf(ReadHandle handle, long first) {
        long last = handle.getLastAddConfirmed();
        if (last < 0) {
            return CompletableFuture.completedFuture(first);
        }
        return handle.readAsync(last, last).thenApply(entries -> {
            try (LedgerEntries closing = entries) {
                return LogEntry.nextOf(closing.getEntry(last).getEntryBuffer());
            }
        });
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (org.apache.bookkeeper.client.BKException e) {
            LOG.debug("close failed", e);
        }
    }
}

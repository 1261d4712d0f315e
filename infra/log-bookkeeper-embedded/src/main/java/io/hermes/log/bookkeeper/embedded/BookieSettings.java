package io.hermes.log.bookkeeper.embedded;

import java.nio.file.Path;
import org.apache.bookkeeper.bookie.storage.ldb.DbLedgerStorage;
import org.apache.bookkeeper.conf.ServerConfiguration;

/** The settings of one bookie: small, on the loopback interface only, able to fill its own gaps. */
final class BookieSettings {

    private static final int MIB = 1024 * 1024;

    private BookieSettings() {}

    static ServerConfiguration of(ServerArguments arguments) {
        ServerConfiguration settings = new ServerConfiguration();
        Path data = arguments.path("--directory").resolve("data");
        settings.setMetadataServiceUri(BookKeeperCluster.metadataServiceUri(arguments.text("--zookeeper")));
        // A bookie that was killed cannot register again before its former session has ended.
        settings.setZkTimeout(4_000);
        settings.setBookieId("bookie-" + arguments.number("--id"));
        settings.setBookiePort(arguments.number("--port"));
        settings.setAdvertisedAddress("127.0.0.1");
        settings.setListeningInterface("lo");
        settings.setAllowLoopback(true);
        settings.setJournalDirName(data.resolve("journal").toString());
        settings.setLedgerDirNames(new String[] {data.resolve("ledgers").toString()});
        recovery(settings);
        smallness(settings);
        arguments.settings().forEach(settings::setProperty);
        return settings;
    }

    private static void recovery(ServerConfiguration settings) {
        settings.setAutoRecoveryDaemonEnabled(true);
        settings.setLostBookieRecoveryDelay(30);
        settings.setDataIntegrityCheckingEnabled(true);
        settings.setDataIntegrityStampMissingCookiesEnabled(true);
        settings.setLedgerStorageClass(DbLedgerStorage.class.getName());
    }

    private static void smallness(ServerConfiguration settings) {
        // Whoever appends one record at a time would wait for company.
        settings.setJournalMaxGroupWaitMSec(0);
        settings.setProperty("journalPreAllocSizeMB", 4);
        settings.setMaxJournalSizeMB(64);
        settings.setMaxBackupJournals(1);
        settings.setJournalWriteBufferSizeKB(256);
        settings.setEntryLogSizeLimit(128L * MIB);
        settings.setEntryLogFilePreAllocationEnabled(false);
        settings.setProperty("dbStorage_writeCacheMaxSizeMb", 32);
        settings.setProperty("dbStorage_readAheadCacheMaxSizeMb", 16);
        settings.setProperty("dbStorage_rocksDB_blockCacheSize", 8L * MIB);
        settings.setNumAddWorkerThreads(1);
        settings.setNumReadWorkerThreads(1);
        settings.setNumLongPollWorkerThreads(1);
        settings.setNumHighPriorityWorkerThreads(1);
        settings.setServerNumIOThreads(2);
        settings.setDiskUsageThreshold(0.99f);
        settings.setDiskUsageWarnThreshold(0.98f);
        settings.setMinUsableSizeForEntryLogCreation(256L * MIB);
        settings.setMinUsableSizeForIndexFileCreation(128L * MIB);
    }
}

package io.hermes.log.bookkeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.client.LedgerChecker;
import org.apache.bookkeeper.client.LedgerFragment;
import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.conf.ClientConfiguration;

/** Looks with BookKeeper's own checker which copies of entries are missing on which bookies. */
final class Copies {

    private Copies() {}

    /** How many bookies ZooKeeper knows of. */
    static int registered(String zooKeeper, BookKeeperConfig config) throws Exception {
        return with(zooKeeper, config, (client, admin) -> admin.getAvailableBookies()
                .size());
    }

    /** How many copies the ledger has that was made last. */
    static int ofLatest(String zooKeeper, BookKeeperConfig config) throws Exception {
        return with(zooKeeper, config, (client, admin) -> {
            long latest = -1;
            for (long ledger : admin.listLedgers()) {
                latest = Math.max(latest, ledger);
            }
            LedgerHandle handle = admin.openLedgerNoRecovery(latest);
            int copies = handle.getLedgerMetadata().getWriteQuorumSize();
            handle.close();
            return copies;
        });
    }

    private interface Question<T> {
        T ask(BookKeeper client, BookKeeperAdmin admin) throws Exception;
    }

    private static <T> T with(String zooKeeper, BookKeeperConfig config, Question<T> question) throws Exception {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setMetadataServiceUri("zk+hierarchical://" + zooKeeper + config.ledgersPath());
        BookKeeper client = new BookKeeper(configuration);
        BookKeeperAdmin admin = new BookKeeperAdmin(client, configuration);
        try {
            return question.ask(client, admin);
        } finally {
            admin.close();
            client.close();
        }
    }

    /** What is missing in the closed ledgers; empty if nothing is. At least one ledger must be closed. */
    static String missing(String zooKeeper, BookKeeperConfig config) throws Exception {
        return with(zooKeeper, config, (client, admin) -> {
            LedgerChecker checker = new LedgerChecker(client, 100);
            List<String> missing = new ArrayList<>();
            int closed = 0;
            for (long ledger : admin.listLedgers()) {
                LedgerHandle handle = admin.openLedgerNoRecovery(ledger);
                if (handle.isClosed()) {
                    closed++;
                    CompletableFuture<Set<LedgerFragment>> checked = new CompletableFuture<>();
                    checker.checkLedger(handle, (code, fragments) -> checked.complete(fragments), 100);
                    Set<LedgerFragment> fragments = checked.get(20, TimeUnit.SECONDS);
                    if (!fragments.isEmpty()) {
                        missing.add("ledger " + ledger + " " + fragments);
                    }
                }
                handle.close();
            }
            return closed == 0 ? "no ledger is closed" : String.join("; ", missing);
        });
    }
}

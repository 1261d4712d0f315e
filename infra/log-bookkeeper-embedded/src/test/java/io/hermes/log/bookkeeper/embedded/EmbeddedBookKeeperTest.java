package io.hermes.log.bookkeeper.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.BookKeeper.DigestType;
import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a test may be interrupted
class EmbeddedBookKeeperTest {

    private static final byte[] PASSWORD = new byte[0];

    @TempDir
    Path directory;

    @Test
    void entriesOutliveTheProcesses() throws Exception {
        long ledger;
        try (EmbeddedBookKeeper cluster = EmbeddedBookKeeper.start(directory, 3);
                BookKeeper client = client(cluster)) {
            LedgerHandle handle = client.createLedger(3, 3, 2, DigestType.CRC32C, PASSWORD);
            ledger = handle.getId();
            handle.addEntry("kept".getBytes(StandardCharsets.UTF_8));
            handle.close();
        }

        try (EmbeddedBookKeeper cluster = EmbeddedBookKeeper.start(directory, 3);
                BookKeeper client = client(cluster);
                LedgerHandle handle = client.openLedger(ledger, DigestType.CRC32C, PASSWORD)) {
            assertThat(new String(handle.readLastEntry().getEntry(), StandardCharsets.UTF_8))
                    .isEqualTo("kept");
        }
    }

    private static BookKeeper client(EmbeddedBookKeeper cluster) throws Exception {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setMetadataServiceUri(BookKeeperCluster.metadataServiceUri(cluster.connect()));
        return new BookKeeper(configuration);
    }
}

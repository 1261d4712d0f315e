package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BackupManifestTest {

    private static final BackupManifest MANIFEST =
            new BackupManifest("log-1", 7, 12, 1_000, "replica-0", "HTTP", "", "ab", 3, "cd");

    @Test
    void manifestSaysWhatItWasTold() throws IOException {
        assertThat(BackupManifest.decode(MANIFEST.encode())).isEqualTo(MANIFEST);
    }

    @Test
    void changedManifestIsRefused() {
        byte[] changed = new String(MANIFEST.encode(), StandardCharsets.UTF_8)
                .replace("through 12", "through 13")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> BackupManifest.decode(changed)).hasMessageContaining("damaged");
    }

    @Test
    void laterFormatIsTold() {
        byte[] later = new String(MANIFEST.encode(), StandardCharsets.UTF_8)
                .replace("hermes-backup 1", "hermes-backup 2")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> BackupManifest.decode(later)).hasMessageContaining("format '2'");
    }
}

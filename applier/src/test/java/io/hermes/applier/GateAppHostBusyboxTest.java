package io.hermes.applier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same under the shell of small images. */
class GateAppHostBusyboxTest extends GateAppHostTest {

    private static final Logger LOG = LoggerFactory.getLogger(GateAppHostBusyboxTest.class);

    @BeforeAll
    static void requireBusybox() {
        boolean installed = Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "busybox")));
        if (!installed) {
            LOG.warn("skipped: no busybox here, so the gate is tested under /bin/sh only");
        }
        assumeTrue(installed, "no busybox here");
    }

    @Override
    List<String> shell() {
        return List.of("busybox", "sh");
    }
}

package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {

    @TempDir
    Path temp = Path.of("");

    @ParameterizedTest
    @ValueSource(classes = {LogServer.class, KvServer.class})
    void helpNamesWhatAnAwareServiceNeeds(Class<?> command) {
        assertThat(new CommandLine(command).getUsageMessage())
                .contains("--aware", "--file", "Hermes-Position", "HERMES_FAILPOINTS");
    }

    @Test
    void linesOfAnAwareServiceAreNotServedUnaware() throws IOException {
        Path file = temp.resolve("operations.log");
        Files.createFile(PositionNote.beside(file));
        LogServer server = new LogServer();
        new CommandLine(server).parseArgs("--file", file.toString());

        assertThatThrownBy(server::call).hasMessageContaining("use --aware");
    }
}

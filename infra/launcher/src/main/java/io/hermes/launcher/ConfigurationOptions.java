package io.hermes.launcher;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command has its configuration from. */
final class ConfigurationOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "YAML file, such as DIR/ingress-0/config.yaml of a demo; may be repeated, later ones win. A key can"
                            + " also be given by an environment variable (log.backend by HERMES_LOG_BACKEND)")
    private List<Path> files = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one key; may be repeated")
    private List<String> overrides = List.of();

    /** Reads all of it. */
    Configuration read() {
        return Configuration.read(files, System.getenv(), overrides);
    }
}

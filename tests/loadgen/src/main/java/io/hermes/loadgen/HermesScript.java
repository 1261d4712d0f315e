package io.hermes.loadgen;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The script that started this one, and starts the other commands. */
final class HermesScript {

    private static final String PROPERTY = "hermes.script";

    private HermesScript() {}

    /** The folder of the sources, or the present one. */
    static Path folder() {
        String script = System.getProperty(PROPERTY, "");
        Path parent = script.isEmpty() ? null : Path.of(script).toAbsolutePath().getParent();
        return parent == null ? Path.of(".") : parent;
    }

    static Path path() {
        @Nullable String script = System.getProperty(PROPERTY);
        if (script == null || !Files.isExecutable(Path.of(script))) {
            throw BenchException.failed("the script ./hermes is not known here, so nothing can be started with it:"
                    + " run ./hermes bench grid, or name deployments with --replicated and --alone");
        }
        return Path.of(script).toAbsolutePath();
    }
}

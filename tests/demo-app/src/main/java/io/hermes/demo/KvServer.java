package io.hermes.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes kv-server}: a key-value store. */
@Command(
        name = "kv-server",
        mixinStandardHelpOptions = true,
        description = "A key-value store: PUT, GET, DELETE /kv/KEY, POST /kv/KEY/append, POST"
                + " /counter/NAME/increment and /add, GET /counter/NAME, GET /digest.",
        footerHeading = "Environment:%n",
        footer = ServerOptions.ENVIRONMENT,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
public final class KvServer implements Callable<Integer> {

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--file", description = "file that holds the state (default: none, in memory)")
    private @Nullable Path file;

    @Option(
            names = "--aware",
            description =
                    "position-aware: keep the Hermes-Position of the requests with the state, and tell the highest at"
                            + " GET /.well-known/hermes/position")
    private boolean aware;

    /**
     * Serves until the process ends.
     *
     * @param args as on the command line
     */
    public static void main(String[] args) {
        System.exit(ServerOptions.execute(new KvServer(), args));
    }

    @Override
    public Integer call() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        KvService service = open(applied);
        options.serve("kv-server", aware ? new AwareService(service, applied) : service, executed -> {});
        return 0;
    }

    private KvService open(AppliedPosition applied) throws IOException {
        if (file == null) {
            return new KvService(applied);
        }
        try {
            return new KvService(applied, file);
        } catch (IOException e) {
            throw new IOException("cannot use " + file + " (" + e + "): choose another file with --file", e);
        }
    }
}

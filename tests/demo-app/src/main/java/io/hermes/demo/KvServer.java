package io.hermes.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes kv-server}: a key-value store in memory. */
@Command(
        name = "kv-server",
        mixinStandardHelpOptions = true,
        description = "A key-value store in memory: PUT, GET, DELETE /kv/KEY, POST /kv/KEY/append, POST"
                + " /counter/NAME/increment and /add, GET /counter/NAME, GET /digest.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
public final class KvServer implements Callable<Integer> {

    @Mixin
    private ServerOptions options = new ServerOptions();

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
        options.serve("kv-server", new KvService(), executed -> {});
        return 0;
    }
}

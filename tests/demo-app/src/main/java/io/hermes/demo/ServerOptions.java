package io.hermes.demo;

import java.io.IOException;
import java.util.function.LongConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What the sample services have in common on the command line. */
final class ServerOptions {

    static final String ENVIRONMENT =
            "  HERMES_FAILPOINTS   for tests: a directory; a file app-received or app-executed in it"
                    + " (halt, kill PID, halt-every POSITION) ends a process around a request";

    @Option(names = "--address", defaultValue = "127.0.0.1", description = "address to listen on (default 127.0.0.1)")
    private String address = "";

    @Option(names = "--port", defaultValue = "8001", description = "port to listen on (default 8001)")
    private int port;

    /** Serves until the process ends. */
    void serve(String name, Service service, LongConsumer onExecuted) throws IOException {
        HttpServerLoop loop;
        try {
            loop = new HttpServerLoop(address, port, service, onExecuted, Failpoints.ofEnvironment());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot listen on " + address + ":" + port + " (" + e.getMessage()
                            + "): stop what uses the port, or choose another with --port",
                    e);
        }
        System.out.println(name + " listens on " + address + ":" + loop.port());
        loop.run();
    }

    static int execute(Object command, String[] args) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((failure, executed, parsed) -> {
            line.getErr().println(failure.getMessage());
            return 1;
        });
        return line.execute(args);
    }
}

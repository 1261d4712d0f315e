package io.hermes.sandbox;

import io.hermes.launcher.Failures;
import picocli.CommandLine;

/** {@code hermes demo}, with errors in one line. */
public final class Main {

    private Main() {}

    /**
     * Runs the demo until it is told to end.
     *
     * @param args as on the command line, without the word {@code demo}
     */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new DemoCommand());
        line.setExecutionExceptionHandler((failure, executed, parsed) -> {
            line.getErr().println("hermes: " + Failures.oneLine(failure));
            line.getErr().flush();
            return DemoCommand.exitCode(failure);
        });
        System.exit(line.execute(args));
    }
}

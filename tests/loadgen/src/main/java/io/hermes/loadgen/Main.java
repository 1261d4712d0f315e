package io.hermes.loadgen;

import picocli.CommandLine;

/** {@code hermes bench}, with errors in one line. */
public final class Main {

    private Main() {}

    /**
     * Runs the load generator.
     *
     * @param args as on the command line, without the word {@code bench}
     */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        CommandLine line = new CommandLine(new BenchCommand());
        line.setExecutionExceptionHandler((failure, executed, parsed) -> {
            String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            line.getErr().println("hermes: " + message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
            line.getErr().flush();
            return failure instanceof BenchException known ? known.exitCode() : 1;
        });
        return line.execute(args);
    }
}

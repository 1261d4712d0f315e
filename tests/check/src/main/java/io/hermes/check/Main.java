package io.hermes.check;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** {@code hermes check}, with errors in one line. */
public final class Main {

    private Main() {}

    /**
     * Checks one app.
     *
     * @param args as on the command line, without the word {@code check}
     */
    public static void main(String[] args) {
        System.exit(execute(onConsole(System.out), onConsole(System.err), args));
    }

    private static PrintWriter onConsole(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    static int execute(PrintWriter out, PrintWriter err, String... args) {
        // What the applier's parts log would stand between the lines of the report.
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.ERROR);
        }
        CommandLine line = new CommandLine(new CheckCommand());
        line.setOut(out);
        line.setErr(err);
        line.setExecutionExceptionHandler((failure, executed, parsed) -> {
            String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            line.getErr().println("hermes: " + message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
            line.getErr().flush();
            return failure instanceof CheckException known ? known.exitCode() : 1;
        });
        return line.execute(args);
    }
}

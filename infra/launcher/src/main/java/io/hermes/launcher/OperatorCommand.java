package io.hermes.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands for people who look after a running service have in common: where its log is. */
abstract class OperatorCommand implements Callable<Integer> {

    @Mixin
    private ConfigurationOptions options = new ConfigurationOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Checks the options, before anything is connected to. */
    void check() {}

    /** Does what needs no log; null to go on with one. */
    @Nullable
    Integer runAlone(PrintWriter out) throws Exception {
        return null;
    }

    /** Does the work with an open backend. */
    abstract int run(LogBackend backend, PrintWriter out) throws Exception;

    @Override
    public final Integer call() throws Exception {
        check();
        PrintWriter out = spec.commandLine().getOut();
        Integer done = runAlone(out);
        if (done != null) {
            out.flush();
            return done;
        }
        Configuration configuration = options.read();
        // What the backend says of its work would stand between the lines of the answer.
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.ERROR);
        }
        Incarnation incarnation = Incarnations.begin("operator");
        try (LogBackend backend = Backends.open(configuration, incarnation.value(), false, (what, cause) -> {
            throw new IllegalStateException(what, cause);
        })) {
            int code = run(backend, out);
            out.flush();
            return code;
        }
    }
}

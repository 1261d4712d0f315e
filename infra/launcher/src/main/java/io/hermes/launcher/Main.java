package io.hermes.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hermes}: the roles of production. The sandbox and the sample apps have mains of their own, under tests/. */
@Command(
        name = "hermes",
        mixinStandardHelpOptions = true,
        version = "Hermes 0.1.0",
        description = "Makes an ordinary stateful HTTP service fault-tolerant without changing it.",
        subcommands = {
            IngressCommand.class,
            ApplierCommand.class,
            StatusCommand.class,
            LogCommand.class,
            SkipCommand.class,
            SnapshotCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            VerifyCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * Runs one role until it is told to end.
     *
     * @param args as on the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine(new Main()).execute(args));
    }

    /**
     * A command line with our exit codes, and with errors in one line.
     *
     * @param command annotated for picocli
     * @return ready to execute
     */
    public static CommandLine commandLine(Object command) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((failure, executed, parsed) -> {
            line.getErr().println("hermes: " + Failures.oneLine(failure));
            line.getErr().flush();
            return failure instanceof ConfigException ? 2 : 1;
        });
        line.getSubcommands().values().stream()
                .filter(sub -> sub.getCommand() instanceof RoleCommand)
                .forEach(sub -> sub.getCommandSpec().usageMessage().footer(keys()));
        return line;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "name a command: ingress, applier, status, log, skip, snapshot, backup, restore or verify");
    }

    private static String[] keys() {
        Map<String, String> meanings = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> meanings.put(key.name(), key.meaning() + bracketed(key.defaultValue())));
        Keys.FAMILIES.forEach(family -> meanings.put(family.prefix() + "…", family.meaning()));
        int width = meanings.keySet().stream().mapToInt(String::length).max().orElse(0);
        return meanings.entrySet().stream()
                .map(key ->
                        "  " + key.getKey() + " ".repeat(width - key.getKey().length() + 2) + key.getValue())
                .toArray(String[]::new);
    }

    private static String bracketed(@Nullable String defaultValue) {
        if (defaultValue == null) {
            return " [must be given]";
        }
        return defaultValue.isEmpty() ? "" : " [" + defaultValue + "]";
    }
}

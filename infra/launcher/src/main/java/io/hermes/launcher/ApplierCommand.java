package io.hermes.launcher;

import io.hermes.applier.AppConfig;
import io.hermes.applier.AppKind;
import io.hermes.applier.Applier;
import io.hermes.applier.ApplierConfig;
import io.hermes.applier.ApplyLoop;
import io.hermes.applier.Clocks;
import io.hermes.applier.DivergenceConfig;
import io.hermes.applier.ExternalContinuity;
import io.hermes.applier.InitialState;
import io.hermes.applier.ReplicaAssembly;
import io.hermes.applier.ReplicaStatus;
import io.hermes.applier.SnapshotConfig;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes applier}: runs beside one copy of the service. */
@Command(
        name = "applier",
        mixinStandardHelpOptions = true,
        description = "Starts one copy of the service, applies the log to it in order, and replies.",
        footerHeading = "%nKeys of the configuration:%n",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class ApplierCommand extends RoleCommand {

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);
    private static final Pattern RESOLUTION = Pattern.compile("([0-9]{1,18})=(executed|repeat)");

    @Option(
            names = "--resolve",
            paramLabel = "POSITION=executed|repeat",
            description = "what you found out about the request at which an external app's replica halted")
    private @Nullable String resolve;

    @Override
    void start(Configuration configuration, PrometheusMeterRegistry meters, FaultHandler faults) throws IOException {
        String name = bounded(Keys.REPLICA_NAME, configuration);
        String version = bounded(Keys.APP_VERSION, configuration);
        if (name.isEmpty()) {
            throw new ConfigException("replica.name is empty");
        }
        Incarnation incarnation = Incarnations.begin(name);
        Path state = Path.of(configuration.get(Keys.REPLICA_STATE_DIRECTORY));
        Files.createDirectories(state);
        AppConfig app = app(configuration, state);
        ApplierConfig config = config(configuration, name, incarnation, app)
                .withDivergence(new DivergenceConfig(version, state.resolve("divergence")));
        JvmMeters.bind(meters);
        ApplyLoop.Replica replica = ReplicaAssembly.assemble(
                app,
                incarnation.value(),
                state,
                configuration.get(Keys.APP_IN_DOUBT).equals("retry")
                        ? ExternalContinuity.InDoubt.RETRY
                        : ExternalContinuity.InDoubt.HALT,
                resolution(),
                snapshots(configuration, state),
                name,
                DirectoryFailpoints.ofEnvironment(),
                System::nanoTime);
        LogBackend backend = Backends.open(configuration, incarnation.value(), false, faults);
        closeLater(backend);
        Applier applier = new Applier(
                backend, config, replica, meters, faults, new Clocks(System::currentTimeMillis, System::nanoTime));
        closeLater(applier);
        AdminServer admin = new AdminServer(
                configuration,
                new AdminServer.Subject() {
                    @Override
                    public String whyNotReady() {
                        return ApplierCommand.whyNotReady(applier.status());
                    }

                    @Override
                    public String statusPage() {
                        return StatusPages.ofReplica(name, applier.status());
                    }
                },
                meters);
        closeLater(admin);
        admin.start();
        startApplier(applier);
    }

    private static void startApplier(Applier applier) throws IOException {
        try {
            applier.start();
        } catch (IllegalStateException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /** Goes into each record that compares replicas. */
    private static String bounded(ConfigKey<String> key, Configuration configuration) {
        String value = configuration.get(key);
        if (value.length() > WindowDigestRecord.TEXT_LENGTH_MAX) {
            throw new ConfigException(key.name() + " has " + value.length() + " characters, wanted at most "
                    + WindowDigestRecord.TEXT_LENGTH_MAX);
        }
        return value;
    }

    private static String whyNotReady(ReplicaStatus status) {
        if (status.state() == ReplicaState.SERVING) {
            return "";
        }
        return status.state() + ", applied through " + status.appliedThrough()
                + (status.reason().isEmpty() ? "" : ": " + status.reason());
    }

    private ReplicaAssembly.@Nullable Resolution resolution() {
        String text = resolve;
        if (text == null) {
            return null;
        }
        Matcher matcher = RESOLUTION.matcher(text);
        if (!matcher.matches()) {
            throw new ConfigException("--resolve is '" + text + "', wanted POSITION=executed or POSITION=repeat");
        }
        return new ReplicaAssembly.Resolution(
                Long.parseLong(matcher.group(1)), matcher.group(2).equals("executed"));
    }

    private static ApplierConfig config(
            Configuration configuration, String name, Incarnation incarnation, AppConfig app) {
        ApplierConfig defaults = ApplierConfig.of(name, incarnation);
        InitialState initialState = app.initialState();
        return defaults.withPace(
                        defaults.batchBytesMax(),
                        defaults.readWait(),
                        configuration.get(Keys.REPLICA_CHECKPOINT_INTERVAL))
                .withSettings(settings(configuration))
                .withInitialState(initialState == null ? "" : initialState.digest());
    }

    private static Settings settings(Configuration configuration) {
        return new Settings(
                        configuration.get(Keys.SETTINGS_REVISION),
                        Settings.FEATURE_LEVEL,
                        configuration.get(Keys.SETTINGS_KEYS_MAX),
                        configuration.get(Keys.SETTINGS_KEY_RETENTION),
                        configuration.get(Keys.SETTINGS_REQUESTS_MAX),
                        configuration.get(Keys.SETTINGS_INGRESS_RETENTION),
                        configuration.get(Keys.SETTINGS_ANSWER_BYTES_MAX))
                .withRoutes(configuration.get(Keys.SETTINGS_ROUTES))
                .withWindows(windows(configuration));
    }

    private static Windows windows(Configuration configuration) {
        return new Windows(
                configuration.get(Keys.SETTINGS_WINDOW),
                configuration.get(Keys.SETTINGS_DIGEST_HEADERS),
                configuration.get(Keys.SETTINGS_REPLICAS));
    }

    private static SnapshotConfig snapshots(Configuration configuration, Path state) {
        return new SnapshotConfig(
                state.resolve("snapshots"),
                SnapshotConfig.Via.valueOf(configuration.get(Keys.SNAPSHOT_VIA).toUpperCase(Locale.ROOT)),
                configuration.get(Keys.SNAPSHOT_DIRECTORY),
                new SnapshotConfig.Http(
                        configuration.get(Keys.SNAPSHOT_HTTP_TAKE), configuration.get(Keys.SNAPSHOT_HTTP_RESTORE)),
                new SnapshotConfig.Command(
                        words(configuration.get(Keys.SNAPSHOT_COMMAND_TAKE)),
                        words(configuration.get(Keys.SNAPSHOT_COMMAND_RESTORE))),
                configuration.get(Keys.SNAPSHOT_KEEP),
                configuration.get(Keys.SNAPSHOT_EVERY),
                configuration.get(Keys.SNAPSHOT_TIMEOUT),
                configuration.get(Keys.SNAPSHOT_VERIFY_EVERY),
                configuration.get(Keys.SNAPSHOT_TRIM),
                configuration.get(Keys.APP_VERSION));
    }

    private static List<String> words(List<String> given) {
        return given.stream().filter(word -> !word.isEmpty()).toList();
    }

    private static AppConfig app(Configuration configuration, Path state) throws IOException {
        if (configuration.get(Keys.APP_ANSWER_BYTES_MAX) > configuration.get(Keys.LOG_RECORD_BYTES_MAX)) {
            throw new ConfigException("app.answer-bytes-max must not be above log.record-bytes-max: "
                    + "a longer answer would not fit the replies' topic");
        }
        String gate = configuration.get(Keys.APP_GATE_DIRECTORY);
        String initialState = configuration.get(Keys.APP_INITIAL_STATE);
        return new AppConfig(
                        AppKind.of(configuration.get(Keys.APP_KIND)),
                        configuration.get(Keys.APP_HOST),
                        configuration.get(Keys.APP_PORT),
                        words(configuration.get(Keys.APP_COMMAND)),
                        Path.of(configuration.get(Keys.APP_DIRECTORY)),
                        state.resolve("app-process"),
                        gate.isEmpty() ? null : Path.of(gate),
                        initialState.isEmpty() ? null : InitialState.of(Path.of(initialState)),
                        configuration.get(Keys.APP_POSITION_PATH),
                        configuration.get(Keys.APP_PIPELINING),
                        configuration.get(Keys.APP_TIMEOUT),
                        Math.toIntExact(configuration.get(Keys.APP_ANSWER_BYTES_MAX)),
                        BACKOFF_MAX)
                .withConnections(configuration.get(Keys.APP_CONNECTIONS));
    }
}

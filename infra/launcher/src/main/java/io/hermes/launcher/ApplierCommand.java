package io.hermes.launcher;

import io.hermes.applier.AppConfig;
import io.hermes.applier.Applier;
import io.hermes.applier.ApplierConfig;
import io.hermes.applier.ReplicaStatus;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplicaState;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;

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

    @Override
    void start(Configuration configuration, PrometheusMeterRegistry meters, FaultHandler faults) throws IOException {
        String name = configuration.get(Keys.REPLICA_NAME);
        Incarnation incarnation = Incarnations.begin(name);
        ApplierConfig config = config(configuration, name, incarnation);
        AppConfig app = app(configuration);
        JvmMeters.bind(meters);
        LogBackend backend = Backends.open(configuration, incarnation.value(), faults);
        closeLater(backend);
        Applier applier = new Applier(backend, config, app, meters, faults, System::nanoTime);
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

    private static String whyNotReady(ReplicaStatus status) {
        if (status.state() == ReplicaState.SERVING) {
            return "";
        }
        return status.state() + ", applied through " + status.appliedThrough()
                + (status.reason().isEmpty() ? "" : ": " + status.reason());
    }

    private static ApplierConfig config(Configuration configuration, String name, Incarnation incarnation) {
        ApplierConfig defaults = ApplierConfig.of(name, incarnation);
        return new ApplierConfig(
                name,
                incarnation,
                defaults.batchBytesMax(),
                defaults.readWait(),
                configuration.get(Keys.REPLICA_ANSWER_BYTES_MAX),
                configuration.get(Keys.REPLICA_REQUESTS_MAX),
                defaults.forgetIngressAfter());
    }

    private static AppConfig app(Configuration configuration) throws IOException {
        configuration.get(Keys.APP_KIND);
        if (configuration.get(Keys.APP_ANSWER_BYTES_MAX) > configuration.get(Keys.LOG_RECORD_BYTES_MAX)) {
            throw new ConfigException("app.answer-bytes-max must not be above log.record-bytes-max: "
                    + "a longer answer would not fit the replies' topic");
        }
        Path state = Path.of(configuration.get(Keys.REPLICA_STATE_DIRECTORY));
        Files.createDirectories(state);
        return new AppConfig(
                configuration.get(Keys.APP_HOST),
                configuration.get(Keys.APP_PORT),
                configuration.get(Keys.APP_COMMAND),
                Path.of(configuration.get(Keys.APP_DIRECTORY)),
                state.resolve("app-process"),
                configuration.get(Keys.APP_PIPELINING),
                configuration.get(Keys.APP_TIMEOUT),
                Math.toIntExact(configuration.get(Keys.APP_ANSWER_BYTES_MAX)),
                BACKOFF_MAX);
    }
}

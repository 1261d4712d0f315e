package io.hermes.launcher;

import io.hermes.ingress.Clocks;
import io.hermes.ingress.Ingress;
import io.hermes.ingress.IngressConfig;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;

/** {@code hermes ingress}: takes requests from clients. */
@Command(
        name = "ingress",
        mixinStandardHelpOptions = true,
        description = "Takes HTTP requests from clients, writes them into the log, and passes the replies back.",
        footerHeading = "%nKeys of the configuration:%n",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class IngressCommand extends RoleCommand {

    /** In a record, besides what the client sent: names, addresses, fields of our own. */
    private static final int RECORD_BESIDES_BYTES = 4096;
    /** Short fields take more in a record than in a header, and a trace context stands there twice. */
    private static final int RECORD_BYTES_PER_HEADER_BYTE = 2;

    @Override
    void start(Configuration configuration, PrometheusMeterRegistry meters, FaultHandler faults) throws IOException {
        String name = configuration.get(Keys.INGRESS_NAME);
        Incarnation incarnation = Incarnations.begin(name);
        IngressConfig config = config(configuration, name, incarnation);
        if (configuration.get(Keys.LOG_DELIVERY_TIMEOUT).compareTo(config.requestTimeout()) >= 0) {
            throw new ConfigException("log.delivery-timeout must be below ingress.request-timeout: "
                    + "an append has to end before its client is told that it did not");
        }
        requireRoomInARecord(config, configuration.get(Keys.LOG_RECORD_BYTES_MAX));
        JvmMeters.bind(meters);
        LogBackend backend = Backends.open(configuration, incarnation.value(), true, faults);
        closeLater(backend);
        Ingress ingress = new Ingress(
                backend,
                config,
                meters,
                faults,
                new Clocks(System::currentTimeMillis, System::nanoTime),
                () -> ThreadLocalRandom.current().nextLong());
        closeLater(ingress);
        mayDrainFor(config.requestTimeout());
        AdminServer admin = new AdminServer(
                configuration,
                new AdminServer.Subject() {
                    @Override
                    public String whyNotReady() {
                        return ingress.status().reason();
                    }

                    @Override
                    public String statusPage() {
                        return StatusPages.ofIngress(name, ingress.status());
                    }
                },
                meters);
        closeLater(admin);
        admin.start();
        ingress.start();
    }

    /** Else the longest requests would not be refused as too long, but as if the log could take them at another time. */
    private static void requireRoomInARecord(IngressConfig config, long recordBytesMax) {
        long wanted = config.bodyBytesMax()
                + (long) RECORD_BYTES_PER_HEADER_BYTE * config.headerBytesMax()
                + RECORD_BESIDES_BYTES;
        if (wanted > recordBytesMax) {
            throw new ConfigException("log.record-bytes-max is " + recordBytesMax + ", but a request may have "
                    + config.bodyBytesMax() + " bytes of body (ingress.body-bytes-max) and " + config.headerBytesMax()
                    + " of header (ingress.header-bytes-max): wanted at least " + wanted + ", or less of these");
        }
    }

    private static IngressConfig config(Configuration configuration, String name, Incarnation incarnation) {
        IngressConfig defaults = IngressConfig.of(
                name, incarnation, configuration.get(Keys.INGRESS_HOST), configuration.get(Keys.INGRESS_PORT));
        return new IngressConfig(
                defaults.name(),
                defaults.incarnation(),
                defaults.host(),
                defaults.port(),
                Math.toIntExact(configuration.get(Keys.INGRESS_BODY_BYTES_MAX)),
                Math.toIntExact(configuration.get(Keys.INGRESS_HEADER_BYTES_MAX)),
                configuration.get(Keys.INGRESS_PENDING_MAX),
                configuration.get(Keys.INGRESS_PENDING_BYTES_MAX),
                configuration.get(Keys.INGRESS_CONNECTIONS_MAX),
                configuration.get(Keys.INGRESS_REQUEST_TIMEOUT),
                configuration.get(Keys.INGRESS_SLICE_REQUESTS),
                defaults.noticeStaleAfter(),
                configuration.get(Keys.INGRESS_ASK_AGAIN_AFTER),
                configuration.get(Keys.INGRESS_READ_PATIENCE),
                defaults.retryAfter(),
                configuration.get(Keys.INGRESS_PRINCIPAL_HEADER));
    }
}

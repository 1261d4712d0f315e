package io.hermes.log.kafka.embedded;

import java.util.Properties;

/** The {@code server.properties} of one broker: small, on the loopback interface only, and quick to replace the dead. */
final class BrokerSettings {

    private BrokerSettings() {}

    static Properties of(BrokerArguments arguments) {
        Properties settings = new Properties();
        identity(settings, arguments);
        promises(settings, arguments.voters().size());
        failover(settings);
        smallness(settings);
        settings.putAll(arguments.settings());
        return settings;
    }

    private static void identity(Properties settings, BrokerArguments arguments) {
        String client = "CLIENT://127.0.0.1:" + arguments.port();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(arguments.nodeId()));
        settings.setProperty("listeners", client + ",CONTROLLER://" + arguments.controllerEndpoint());
        settings.setProperty("advertised.listeners", client);
        settings.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        // Static voters: a dynamic quorum keeps its ports in its data, and ours change from start to start.
        settings.setProperty("controller.quorum.voters", String.join(",", arguments.voters()));
        settings.setProperty("log.dirs", arguments.directory().resolve("data").toString());
    }

    private static void promises(Properties settings, int brokers) {
        String copies = Integer.toString(Math.min(brokers, 3));
        String copiesMin = brokers < 3 ? "1" : "2";
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("unclean.leader.election.enable", "false");
        settings.setProperty("default.replication.factor", copies);
        settings.setProperty("min.insync.replicas", copiesMin);
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.setProperty(topic + ".num.partitions", "1");
            settings.setProperty(topic + ".replication.factor", copies);
        }
        settings.setProperty("transaction.state.log.min.isr", copiesMin);
        settings.setProperty("share.coordinator.state.topic.min.isr", copiesMin);
    }

    private static void failover(Properties settings) {
        settings.setProperty("broker.session.timeout.ms", "3000");
        settings.setProperty("broker.heartbeat.interval.ms", "500");
        settings.setProperty("controller.quorum.election.timeout.ms", "1000");
        settings.setProperty("controller.quorum.fetch.timeout.ms", "2000");
        settings.setProperty("controller.quorum.request.timeout.ms", "2000");
    }

    private static void smallness(Properties settings) {
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "3");
        settings.setProperty("background.threads", "2");
        settings.setProperty("num.recovery.threads.per.data.dir", "1");
        settings.setProperty("group.coordinator.threads", "1");
        settings.setProperty("share.coordinator.threads", "1");
        settings.setProperty("log.cleaner.threads", "1");
        // The default is 128 MiB of heap, held from the start.
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("log.retention.check.interval.ms", "60000");
        settings.setProperty("metric.reporters", "");
    }
}

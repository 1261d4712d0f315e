package io.hermes.launcher;

import io.hermes.applier.SnapshotConfig;
import io.hermes.ingress.HeapShare;
import io.hermes.proto.Routes;
import java.time.Duration;
import java.util.List;

/** Every key of the configuration; a key that is not here is an error. */
final class Keys {

    static final ConfigKey<String> LOG_BACKEND =
            ConfigKey.choice("log.backend", "kafka", "where the total order comes from", "kafka", "bookkeeper");
    static final ConfigKey<Long> LOG_RECORD_BYTES_MAX =
            ConfigKey.bytes("log.record-bytes-max", "1MiB", "longest record; a request with its headers must fit");
    static final ConfigKey<Duration> LOG_DELIVERY_TIMEOUT = ConfigKey.duration(
            "log.delivery-timeout", "8s", "an append without an answer ends as unknown; below ingress.request-timeout");
    static final ConfigKey<Duration> LOG_START_TIMEOUT =
            ConfigKey.duration("log.start-timeout", "30s", "how long to wait for the brokers at the start");

    static final ConfigKey<String> REPLIES_VIA = ConfigKey.choice(
            "replies.via",
            "auto",
            "how replies travel: by a topic, or straight to the ingress; auto: by a topic if there are topics",
            "auto",
            "topic",
            "direct");
    static final ConfigKey<String> REPLIES_HOST =
            ConfigKey.text("replies.host", "127.0.0.1", "with direct: this ingress, as appliers reach it");
    static final ConfigKey<String> REPLIES_LISTEN = ConfigKey.text(
            "replies.listen", "127.0.0.1", "with direct: address that this ingress listens on for replies");
    static final ConfigKey<Integer> REPLIES_PORT =
            ConfigKey.number("replies.port", "0", "with direct: port for replies; 0 takes a free one");

    static final ConfigKey<String> READS_HOST =
            ConfigKey.text("reads.host", "127.0.0.1", "this replica, as ingresses reach it for reads past the log");
    static final ConfigKey<String> READS_LISTEN =
            ConfigKey.text("reads.listen", "127.0.0.1", "address that this replica listens on for reads past the log");
    static final ConfigKey<Integer> READS_PORT =
            ConfigKey.number("reads.port", "0", "port for those reads; 0 takes a free one");

    static final ConfigKey<List<String>> KAFKA_BOOTSTRAP =
            ConfigKey.words("kafka.bootstrap", "127.0.0.1:9092", "brokers to begin with, host:port");
    static final ConfigKey<String> KAFKA_TOPIC_PREFIX =
            ConfigKey.text("kafka.topic-prefix", "hermes", "topics are PREFIX-log, PREFIX-replies, PREFIX-bulletin");
    static final ConfigKey<Integer> KAFKA_REPLICATION_FACTOR =
            ConfigKey.number("kafka.replication-factor", "3", "copies of each topic");
    static final ConfigKey<Integer> KAFKA_MIN_ISR = ConfigKey.number(
            "kafka.min-in-sync-replicas", "2", "copies that hold a record before it counts as appended");
    static final ConfigKey<Integer> KAFKA_REPLY_PARTITIONS =
            ConfigKey.number("kafka.reply-partitions", "4", "partitions of the replies' topic when it is made");
    /** Followed by one of Kafka's own keys, which are lower-case words with dots between them. */
    static final KeyFamily KAFKA_CLIENT = new KeyFamily(
            "kafka.client.", "any of Kafka's own client settings, such as kafka.client.security.protocol", true);

    static final ConfigKey<List<String>> BOOKKEEPER_ZOOKEEPER =
            ConfigKey.words("bookkeeper.zookeeper", "127.0.0.1:2181", "ZooKeeper servers of the bookies, host:port");
    static final ConfigKey<String> BOOKKEEPER_ROOT = ConfigKey.text(
            "bookkeeper.root", "/hermes", "path in ZooKeeper of log and board; another root is another log");
    static final ConfigKey<String> BOOKKEEPER_LEDGERS_PATH =
            ConfigKey.text("bookkeeper.ledgers-path", "/ledgers", "path in ZooKeeper of BookKeeper's own notes");
    static final ConfigKey<Integer> BOOKKEEPER_WRITE_QUORUM =
            ConfigKey.number("bookkeeper.write-quorum", "3", "bookies that hold each record");
    static final ConfigKey<Integer> BOOKKEEPER_ACK_QUORUM =
            ConfigKey.number("bookkeeper.ack-quorum", "2", "bookies that have it on disk before it counts as appended");
    static final ConfigKey<Long> BOOKKEEPER_LEDGER_BYTES_MAX =
            ConfigKey.bytes("bookkeeper.ledger-bytes-max", "512MiB", "a fuller ledger is followed by the next");
    static final ConfigKey<Duration> BOOKKEEPER_LEDGER_AGE_MAX =
            ConfigKey.duration("bookkeeper.ledger-age-max", "1h", "an older ledger is followed by the next");
    static final ConfigKey<String> BOOKKEEPER_SEQUENCER_HOST = ConfigKey.text(
            "bookkeeper.sequencer-host", "127.0.0.1", "this ingress, as other ingresses and appliers reach it");
    static final ConfigKey<String> BOOKKEEPER_SEQUENCER_LISTEN = ConfigKey.text(
            "bookkeeper.sequencer-listen", "127.0.0.1", "address that this ingress takes their records on");
    static final ConfigKey<Integer> BOOKKEEPER_SEQUENCER_PORT =
            ConfigKey.number("bookkeeper.sequencer-port", "0", "port for that; 0 takes a free one");
    static final ConfigKey<Duration> BOOKKEEPER_TAKE_OVER_AFTER = ConfigKey.duration(
            "bookkeeper.take-over-after", "1s", "silence of the sequencer after which another ingress takes over");
    /** Followed by one of BookKeeper's own keys. */
    static final KeyFamily BOOKKEEPER_CLIENT = new KeyFamily(
            "bookkeeper.client.",
            "any of BookKeeper's own client settings, such as bookkeeper.client.tlsProviderFactoryClass",
            false);
    /** As a whole one of the system properties that ZooKeeper's client reads. */
    static final KeyFamily ZOOKEEPER = new KeyFamily(
            "zookeeper.",
            "any system property that ZooKeeper's client reads, as a whole, such as zookeeper.client.secure",
            false);

    /** Where any name may follow. */
    static final List<KeyFamily> FAMILIES = List.of(KAFKA_CLIENT, BOOKKEEPER_CLIENT, ZOOKEEPER);

    static final ConfigKey<String> INGRESS_NAME =
            ConfigKey.text("ingress.name", "ingress-0", "unique among the ingresses of a service");
    static final ConfigKey<String> INGRESS_HOST = ConfigKey.text("ingress.host", "0.0.0.0", "address that clients use");
    static final ConfigKey<Integer> INGRESS_PORT = ConfigKey.number("ingress.port", "8000", "port that clients use");
    static final ConfigKey<Long> INGRESS_BODY_BYTES_MAX =
            ConfigKey.bytes("ingress.body-bytes-max", "960KiB", "longest body of a request; longer ones get 413");
    static final ConfigKey<Long> INGRESS_HEADER_BYTES_MAX = ConfigKey.bytes(
            "ingress.header-bytes-max", "16KiB", "longest request line and header; longer ones get 431");
    static final ConfigKey<Integer> INGRESS_PENDING_MAX =
            ConfigKey.number("ingress.pending-max", "8192", "requests waiting at once; more get 503");
    static final ConfigKey<Long> INGRESS_PENDING_BYTES_MAX = ConfigKey.bytesOrAuto(
            "ingress.pending-bytes-max",
            "bytes of requests waiting at once; more get 503; auto: a sixteenth of the heap, 256MiB at most",
            () -> HeapShare.pendingBytesMax(Runtime.getRuntime().maxMemory()));
    static final ConfigKey<Integer> INGRESS_CONNECTIONS_MAX = ConfigKey.numberOrAuto(
            "ingress.connections-max",
            "clients connected at once; more wait; auto: one for each 128KiB of the heap, 256 to 65536",
            () -> HeapShare.connectionsMax(Runtime.getRuntime().maxMemory()));
    static final ConfigKey<Duration> INGRESS_REQUEST_TIMEOUT =
            ConfigKey.duration("ingress.request-timeout", "30s", "a client without an answer gets 504 after this");
    static final ConfigKey<Integer> INGRESS_SLICE_REQUESTS = ConfigKey.number(
            "ingress.slice-requests", "64", "requests in a row that one replica answers before the next one's turn");
    static final ConfigKey<Duration> INGRESS_ASK_AGAIN_AFTER = ConfigKey.duration(
            "ingress.ask-again-after", "100ms", "patience after proof that a replica has applied a request");
    static final ConfigKey<Duration> INGRESS_READ_PATIENCE = ConfigKey.duration(
            "ingress.read-patience", "2s", "how long a replica may take to apply what a read past the log relies on");
    static final ConfigKey<String> INGRESS_PRINCIPAL_HEADER = ConfigKey.text(
            "ingress.principal-header",
            "Authorization",
            "field that tells clients apart: an Idempotency-Key counts within its value; empty: keys count for all");

    static final ConfigKey<String> REPLICA_NAME =
            ConfigKey.text("replica.name", "replica-0", "unique among the replicas of a service");
    static final ConfigKey<String> REPLICA_STATE_DIRECTORY =
            ConfigKey.text("replica.state-directory", "hermes-state", "where the applier keeps its own notes");
    static final ConfigKey<Duration> REPLICA_CHECKPOINT_INTERVAL = ConfigKey.duration(
            "replica.checkpoint-interval", "30s", "least time between two checkpoints of an app that keeps its state");

    static final ConfigKey<Integer> SETTINGS_REVISION = ConfigKey.number(
            "settings.revision",
            "0",
            "raise it when you change a settings.… key: the log takes settings over if their revision is higher");
    static final ConfigKey<Integer> SETTINGS_KEYS_MAX =
            ConfigKey.number("settings.keys-max", "100000", "requests remembered by their Idempotency-Key");
    static final ConfigKey<Duration> SETTINGS_KEY_RETENTION =
            ConfigKey.duration("settings.key-retention", "24h", "how long a key is remembered, by log time");
    static final ConfigKey<Integer> SETTINGS_REQUESTS_MAX = ConfigKey.number(
            "settings.requests-max", "1000000", "unfinished requests without a key that are remembered");
    static final ConfigKey<Duration> SETTINGS_INGRESS_RETENTION = ConfigKey.duration(
            "settings.ingress-retention", "10m", "silence after which an ingress is forgotten, by log time");
    static final ConfigKey<Long> SETTINGS_ANSWER_BYTES_MAX =
            ConfigKey.bytes("settings.answer-bytes-max", "32MiB", "answers kept for repeats, all together");

    static final ConfigKey<Routes> SETTINGS_ROUTES = ConfigKey.routes(
            "settings.routes",
            "what is declared of requests by their path: read-only ones, and what others conflict about");

    static final ConfigKey<Integer> SETTINGS_WINDOW = ConfigKey.number(
            "settings.window", "1024", "requests after which replicas compare their answers; 0: they do not");
    static final ConfigKey<List<String>> SETTINGS_DIGEST_HEADERS = ConfigKey.names(
            "settings.digest-headers",
            "content-type, location, set-cookie",
            "header fields of answers that are compared, besides status and body");
    static final ConfigKey<List<String>> SETTINGS_REPLICAS = ConfigKey.names(
            "settings.replicas",
            "",
            "all replicas: one that more than half of them contradict is rebuilt; empty: none is, there is only an alarm;"
                    + " majorities for trimming follow it, too");

    static final ConfigKey<String> APP_VERSION = ConfigKey.text(
            "app.version", "", "version of the app: only replicas of the same one are compared with each other");
    static final ConfigKey<String> APP_KIND = ConfigKey.choice(
            "app.kind", "disposable", "how the app resumes after a crash", "disposable", "position-aware", "external");
    static final ConfigKey<List<String>> APP_COMMAND = ConfigKey.words(
            "app.command", "", "program and arguments that start the app; empty if Hermes does not start it");
    static final ConfigKey<String> APP_DIRECTORY = ConfigKey.text(
            "app.directory",
            "app",
            "the app's working directory; of a disposable app made, marked and wiped by Hermes");
    static final ConfigKey<String> APP_GATE_DIRECTORY = ConfigKey.text(
            "app.gate-directory", "", "shared with the gate that starts the app in a container of its own");
    static final ConfigKey<String> APP_INITIAL_STATE = ConfigKey.text(
            "app.initial-state",
            "",
            "what a disposable app begins with, the same for all replicas: a folder's content, or a backup's file app");
    static final ConfigKey<String> APP_POSITION_PATH = ConfigKey.text(
            "app.position-path", "/.well-known/hermes/position", "where a position-aware app tells its position");
    static final ConfigKey<String> APP_IN_DOUBT = ConfigKey.choice(
            "app.in-doubt",
            "halt",
            "what becomes of a request that an external app may or may not have executed",
            "halt",
            "retry");
    static final ConfigKey<String> APP_HOST = ConfigKey.text("app.host", "127.0.0.1", "where the app listens");
    static final ConfigKey<Integer> APP_PORT = ConfigKey.number("app.port", null, "where the app listens");
    static final ConfigKey<Integer> APP_PIPELINING = ConfigKey.number(
            "app.pipelining", "1", "requests sent before their answers came; above 1 only if the app keeps the order");
    static final ConfigKey<Integer> APP_CONNECTIONS = ConfigKey.number(
            "app.connections",
            "1",
            "connections to the app; requests that do not conflict by settings.routes are executed side by side");
    static final ConfigKey<Duration> APP_TIMEOUT =
            ConfigKey.duration("app.timeout", "30s", "an answer that takes longer leaves its request in doubt");
    static final ConfigKey<Long> APP_ANSWER_BYTES_MAX = ConfigKey.bytes(
            "app.answer-bytes-max", "1MiB", "longest answer that is passed on; the client gets 409 for longer ones");

    static final ConfigKey<String> SNAPSHOT_VIA = ConfigKey.choice(
            "snapshot.via",
            "none",
            "how the app's state gets into a snapshot and back",
            "none",
            "directory",
            "http",
            "command");
    static final ConfigKey<String> SNAPSHOT_DIRECTORY = ConfigKey.text(
            "snapshot.directory", "", "with directory: the part of app.directory that is copied; empty for all of it");
    static final ConfigKey<String> SNAPSHOT_HTTP_TAKE =
            ConfigKey.text("snapshot.http.take", "", "with http: path at the app that answers GET with its state");
    static final ConfigKey<String> SNAPSHOT_HTTP_RESTORE =
            ConfigKey.text("snapshot.http.restore", "", "with http: path at the app that takes its state by PUT");
    static final ConfigKey<List<String>> SNAPSHOT_COMMAND_TAKE =
            ConfigKey.words("snapshot.command.take", "", "with command: writes the running app's state into {file}");
    static final ConfigKey<List<String>> SNAPSHOT_COMMAND_RESTORE = ConfigKey.words(
            "snapshot.command.restore", "", "with command: brings it back from {file} before the app is started");
    static final ConfigKey<Duration> SNAPSHOT_TIMEOUT = ConfigKey.duration(
            "snapshot.timeout", "10m", "with http and command: the longest that taking or restoring may last");
    static final ConfigKey<Integer> SNAPSHOT_KEEP =
            ConfigKey.number("snapshot.keep", "2", "whole snapshots that are kept; older ones are removed");
    static final ConfigKey<SnapshotConfig.Due> SNAPSHOT_EVERY = ConfigKey.due(
            "snapshot.every",
            "1h",
            "when a replica takes the next one: after so many records, so much time, or whichever of both comes first");
    static final ConfigKey<Duration> SNAPSHOT_VERIFY_EVERY =
            ConfigKey.duration("snapshot.verify-every", "6h", "how often each snapshot kept is read again and checked");
    static final ConfigKey<Boolean> SNAPSHOT_TRIM = ConfigKey.flag(
            "snapshot.trim", "false", "the log forgets what lies before the snapshots of a majority of replicas");

    static final ConfigKey<String> ADMIN_HOST =
            ConfigKey.text("admin.host", "127.0.0.1", "address of /livez, /readyz, /metrics and the status page");
    static final ConfigKey<Integer> ADMIN_PORT =
            ConfigKey.number("admin.port", "9000", "port of /livez, /readyz, /metrics and the status page");

    static final List<ConfigKey<?>> ALL = List.of(
            LOG_BACKEND,
            LOG_RECORD_BYTES_MAX,
            LOG_DELIVERY_TIMEOUT,
            LOG_START_TIMEOUT,
            REPLIES_VIA,
            REPLIES_HOST,
            REPLIES_LISTEN,
            REPLIES_PORT,
            READS_HOST,
            READS_LISTEN,
            READS_PORT,
            KAFKA_BOOTSTRAP,
            KAFKA_TOPIC_PREFIX,
            KAFKA_REPLICATION_FACTOR,
            KAFKA_MIN_ISR,
            KAFKA_REPLY_PARTITIONS,
            BOOKKEEPER_ZOOKEEPER,
            BOOKKEEPER_ROOT,
            BOOKKEEPER_LEDGERS_PATH,
            BOOKKEEPER_WRITE_QUORUM,
            BOOKKEEPER_ACK_QUORUM,
            BOOKKEEPER_LEDGER_BYTES_MAX,
            BOOKKEEPER_LEDGER_AGE_MAX,
            BOOKKEEPER_SEQUENCER_HOST,
            BOOKKEEPER_SEQUENCER_LISTEN,
            BOOKKEEPER_SEQUENCER_PORT,
            BOOKKEEPER_TAKE_OVER_AFTER,
            INGRESS_NAME,
            INGRESS_HOST,
            INGRESS_PORT,
            INGRESS_BODY_BYTES_MAX,
            INGRESS_HEADER_BYTES_MAX,
            INGRESS_PENDING_MAX,
            INGRESS_PENDING_BYTES_MAX,
            INGRESS_CONNECTIONS_MAX,
            INGRESS_REQUEST_TIMEOUT,
            INGRESS_SLICE_REQUESTS,
            INGRESS_ASK_AGAIN_AFTER,
            INGRESS_READ_PATIENCE,
            INGRESS_PRINCIPAL_HEADER,
            REPLICA_NAME,
            REPLICA_STATE_DIRECTORY,
            REPLICA_CHECKPOINT_INTERVAL,
            SETTINGS_REVISION,
            SETTINGS_KEYS_MAX,
            SETTINGS_KEY_RETENTION,
            SETTINGS_REQUESTS_MAX,
            SETTINGS_INGRESS_RETENTION,
            SETTINGS_ANSWER_BYTES_MAX,
            SETTINGS_ROUTES,
            SETTINGS_WINDOW,
            SETTINGS_DIGEST_HEADERS,
            SETTINGS_REPLICAS,
            APP_VERSION,
            APP_KIND,
            APP_COMMAND,
            APP_DIRECTORY,
            APP_GATE_DIRECTORY,
            APP_INITIAL_STATE,
            APP_POSITION_PATH,
            APP_IN_DOUBT,
            APP_HOST,
            APP_PORT,
            APP_PIPELINING,
            APP_CONNECTIONS,
            APP_TIMEOUT,
            APP_ANSWER_BYTES_MAX,
            SNAPSHOT_VIA,
            SNAPSHOT_DIRECTORY,
            SNAPSHOT_HTTP_TAKE,
            SNAPSHOT_HTTP_RESTORE,
            SNAPSHOT_COMMAND_TAKE,
            SNAPSHOT_COMMAND_RESTORE,
            SNAPSHOT_TIMEOUT,
            SNAPSHOT_KEEP,
            SNAPSHOT_EVERY,
            SNAPSHOT_VERIFY_EVERY,
            SNAPSHOT_TRIM,
            ADMIN_HOST,
            ADMIN_PORT);

    private Keys() {}
}

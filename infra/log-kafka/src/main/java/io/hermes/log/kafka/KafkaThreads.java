package io.hermes.log.kafka;

/** Makes the adapter's threads: daemons, so that a forgotten close never keeps a process alive. */
final class KafkaThreads {

    private KafkaThreads() {}

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}

package io.hermes.log.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Makes one line of what Kafka says in several. */
final class KafkaFailures {

    private KafkaFailures() {}

    /** What lies below the wrappers of futures. */
    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while ((root instanceof ExecutionException || root instanceof CompletionException) && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    static String text(Throwable failure) {
        Throwable root = root(failure);
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}

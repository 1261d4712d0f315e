package io.hermes.log.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/** Makes one line of what Kafka says in several. */
final class KafkaFailures {

    private KafkaFailures() {}

    /** What lies below the wrappers of futures and constructors. */
    static Throwable root(Throwable failure) {
        Throwable root = failure;
        Throwable cause = root.getCause();
        while (cause != null && isWrapper(root)) {
            root = cause;
            cause = root.getCause();
        }
        return root;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof ExecutionException
                || failure instanceof CompletionException
                || failure.getClass() == KafkaException.class;
    }

    static String text(Throwable failure) {
        Throwable root = root(failure);
        String message = root.getMessage();
        if (message == null) {
            return root instanceof TimeoutException
                    ? "no answer in time"
                    : root.getClass().getSimpleName();
        }
        return message.lines().findFirst().orElse("");
    }
}

package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import java.util.concurrent.TimeUnit;

/** Appends a record on behalf of an operator, who is told what became of it. */
final class OneRecord {

    private static final long APPEND_SECONDS = 60;

    private OneRecord() {}

    /**
     * Waits until the log has the record.
     *
     * @param ifUnknown what the operator is told if nobody knows whether it has, after the reason; may be empty
     * @return its position
     * @throws IllegalStateException if the log did not take it, or nobody knows
     */
    static long append(LogBackend backend, LogContent record, String ifUnknown) throws Exception {
        return backend.log()
                .append(RecordCodec.encode(record))
                .get(APPEND_SECONDS, TimeUnit.SECONDS)
                .match(
                        appended -> appended.position().value(),
                        rejected -> refuse(rejected.reason()),
                        unknown -> refuse(unknown.reason() + ifUnknown));
    }

    private static long refuse(String why) {
        throw new IllegalStateException("the log did not take the record: " + why);
    }
}

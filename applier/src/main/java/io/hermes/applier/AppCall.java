package io.hermes.applier;

import io.hermes.proto.RequestRecord;

/**
 * One request on its way to the app.
 *
 * @param position where it stands in the log
 * @param record what was ordered
 * @param timeMillis log time: never less than that of an earlier request
 */
public record AppCall(long position, RequestRecord record, long timeMillis) {}

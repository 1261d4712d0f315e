package io.hermes.ingress;

import java.util.function.LongSupplier;

/**
 * The clocks of one process.
 *
 * @param millis milliseconds since 1970; log time comes from it
 * @param nano monotonic; time-outs come from it
 */
public record Clocks(LongSupplier millis, LongSupplier nano) {}

package io.hermes.applier;

import java.util.function.LongSupplier;

/**
 * The clocks of one process. Neither decides order or state.
 *
 * @param millis milliseconds since 1970; told to ingresses, which compare it with their own
 * @param nano monotonic, for pauses and time-outs
 */
public record Clocks(LongSupplier millis, LongSupplier nano) {}

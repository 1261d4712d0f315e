/**
 * Without this package the meaning of the ports would be spread over brokers: a log, a reply bus and a board in memory, exact
 * and deterministic. Tests of the roles run on it, and simulations, which decide themselves when anything happens.
 */
@NullMarked
package io.hermes.log.memory;

import org.jspecify.annotations.NullMarked;

/**
 * Without this package nothing would run: the only place that knows both a role and a backend. It reads the configuration,
 * wires one process, answers on the admin port, and ends the process when an invariant is broken.
 */
@NullMarked
package io.hermes.launcher;

import org.jspecify.annotations.NullMarked;

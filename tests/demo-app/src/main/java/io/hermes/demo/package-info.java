/**
 * Without these sample services there would be nothing to replicate in demos, tests and benchmarks: the original system's log
 * server and a key-value store. They know nothing of Hermes unless they are told to keep its positions, and are so cheap that
 * they never limit a measurement.
 */
@NullMarked
package io.hermes.demo;

import org.jspecify.annotations.NullMarked;

/**
 * Without these classes each kind of broker would need its own supervisor for tests: a broker's process is planned, started,
 * killed and paused in the same way whatever it runs.
 */
@NullMarked
package io.hermes.log.embedded;

import org.jspecify.annotations.NullMarked;

/** Without these schedules a bug in the order of events would wait for a busy day in production. */
@NullMarked
package io.hermes.simulation;

import org.jspecify.annotations.NullMarked;

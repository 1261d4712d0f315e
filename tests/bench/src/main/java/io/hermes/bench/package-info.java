/** Measures the code that is tuned; without it nobody could tell whether a change made it faster. */
@NullMarked
package io.hermes.bench;

import org.jspecify.annotations.NullMarked;

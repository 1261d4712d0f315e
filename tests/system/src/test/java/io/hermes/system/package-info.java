/**
 * Without these scenarios nobody would have seen Hermes keep its promises: they run the real demo, real brokers included, from
 * outside, and break things while clients work.
 */
@NullMarked
package io.hermes.system;

import org.jspecify.annotations.NullMarked;

/** Without these tests nobody would notice that the app executes something twice, or not at all. */
@NullMarked
package io.hermes.applier;

import org.jspecify.annotations.NullMarked;

/** Without these tests the checker itself could be wrong. */
@NullMarked
package io.hermes.linearizability;

import org.jspecify.annotations.NullMarked;

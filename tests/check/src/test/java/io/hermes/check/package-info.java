/** Without it a change could let {@code hermes check} call a service deterministic that is not. */
@NullMarked
package io.hermes.check;

import org.jspecify.annotations.NullMarked;

/** Without this package nobody could tell whether what concurrent clients saw is what one copy of a service would have told them. */
@NullMarked
package io.hermes.linearizability;

import org.jspecify.annotations.NullMarked;

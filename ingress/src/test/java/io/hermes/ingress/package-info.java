/** Without these tests a client could wait for ever, or be told a guess. */
@NullMarked
package io.hermes.ingress;

import org.jspecify.annotations.NullMarked;

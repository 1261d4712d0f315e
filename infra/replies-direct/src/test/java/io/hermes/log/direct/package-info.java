/** Without these tests nobody would know that replies without a broker keep the bus's promises. */
@NullMarked
package io.hermes.log.direct;

import org.jspecify.annotations.NullMarked;

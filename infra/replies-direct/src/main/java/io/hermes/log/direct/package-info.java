/** Without this package replies could only travel through a broker, which costs a third of all throughput. */
@NullMarked
package io.hermes.log.direct;

import org.jspecify.annotations.NullMarked;

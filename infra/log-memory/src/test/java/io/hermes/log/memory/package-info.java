/** Without these tests the reference log and the suite that every backend passes would themselves be unproved. */
@NullMarked
package io.hermes.log.memory;

import org.jspecify.annotations.NullMarked;

/** Without these tests the layout would be a wish: they fail the build where code, clauses and documents part from it. */
@NullMarked
package io.hermes.architecture;

import org.jspecify.annotations.NullMarked;

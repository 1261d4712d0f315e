/** Without these violations nobody would know that the rules can fail. Planted on purpose. */
@NullMarked
package io.hermes.architecture.planted.names;

import org.jspecify.annotations.NullMarked;

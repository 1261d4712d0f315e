/**
 * {@code hermes check}: without it one would learn only in production that a service answers the same requests differently, and so cannot
 * be replicated.
 */
@NullMarked
package io.hermes.check;

import org.jspecify.annotations.NullMarked;

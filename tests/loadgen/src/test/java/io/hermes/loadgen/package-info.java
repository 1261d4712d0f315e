/** Without these tests nobody would know whether the figures are true. */
@NullMarked
package io.hermes.loadgen;

import org.jspecify.annotations.NullMarked;

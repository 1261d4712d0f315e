/**
 * Without this package ingress and applier would have no common meaning for the bytes in the log: the values that are
 * written down, and the one codec that turns them into bytes and back. Generated types never leave it.
 */
@NullMarked
package io.hermes.proto;

import org.jspecify.annotations.NullMarked;

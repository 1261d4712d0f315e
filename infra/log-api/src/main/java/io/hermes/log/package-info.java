/**
 * Without these ports every role would know a broker by name: they are all that ingress and applier see of the log, of
 * the way replies travel and of the board on which processes announce themselves.
 */
@NullMarked
package io.hermes.log;

import org.jspecify.annotations.NullMarked;

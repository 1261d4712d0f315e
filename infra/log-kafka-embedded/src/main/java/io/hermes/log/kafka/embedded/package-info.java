/**
 * Without these classes nothing could be shown or tested against a real Kafka broker on a machine that has no Docker:
 * each broker is a process of its own, made of Maven artifacts alone.
 */
@NullMarked
package io.hermes.log.kafka.embedded;

import org.jspecify.annotations.NullMarked;

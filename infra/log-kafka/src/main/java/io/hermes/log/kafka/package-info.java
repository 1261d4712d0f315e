/**
 * Without this package Hermes could not take its order from Apache Kafka: the log is the one partition of a topic, replies
 * and notices travel by two more topics of the same brokers.
 */
@NullMarked
package io.hermes.log.kafka;

import org.jspecify.annotations.NullMarked;

/**
 * Without this package "it works on Kafka" would mean something else than "it works on BookKeeper": the executable half of the
 * ports, which every backend passes, and a log that breaks each clause on purpose, by which the suite itself is tested.
 */
@NullMarked
package io.hermes.log.tck;

import org.jspecify.annotations.NullMarked;

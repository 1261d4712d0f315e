/**
 * Without this adapter the order could come from Kafka only: here it comes from a chain of BookKeeper ledgers, listed in
 * ZooKeeper, that one process at a time may write.
 */
@NullMarked
package io.hermes.log.bookkeeper;

import org.jspecify.annotations.NullMarked;

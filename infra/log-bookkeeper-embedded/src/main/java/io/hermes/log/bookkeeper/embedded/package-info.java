/**
 * Without these classes nothing could be shown or tested against real bookies and a real ZooKeeper on a machine that has no
 * Docker: each is a process of its own, made of Maven artifacts alone.
 */
@NullMarked
package io.hermes.log.bookkeeper.embedded;

import org.jspecify.annotations.NullMarked;

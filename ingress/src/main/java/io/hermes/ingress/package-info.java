/**
 * Without this package clients would have to know the log: it takes plain HTTP, puts each request into the log, waits for
 * the one reply, and says honestly what became of the request when none comes.
 */
@NullMarked
package io.hermes.ingress;

import org.jspecify.annotations.NullMarked;

/**
 * Without this package no copy of the service would execute anything: it reads the log in order, gives each request to
 * the app beside it, remembers what was answered, and replies.
 */
@NullMarked
package io.hermes.applier;

import org.jspecify.annotations.NullMarked;

/**
 * Without this package trying Hermes would take a cluster: it runs everything on one machine, each broker, ingress and applier
 * a process of its own that is started anew when it dies.
 */
@NullMarked
package io.hermes.sandbox;

import org.jspecify.annotations.NullMarked;

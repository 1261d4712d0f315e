/**
 * Without these checks a slip in a manifest would show only on a cluster: compose files and Kubernetes manifests are read strictly,
 * and what they say about one another has to fit.
 */
@NullMarked
package io.hermes.deployment;

import org.jspecify.annotations.NullMarked;

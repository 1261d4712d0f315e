/**
 * Without these tests nobody would have seen the images, the compose file and a broker in a container do what the documents say. They
 * run where a Docker engine answers, and say so where none does.
 */
@NullMarked
package io.hermes.containers;

import org.jspecify.annotations.NullMarked;

package io.hermes.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * One process to keep running.
 *
 * @param name for people
 * @param directory holds its {@code pid} and {@code output.log}
 * @param command program and arguments
 */
record ChildPlan(String name, Path directory, List<String> command) {}

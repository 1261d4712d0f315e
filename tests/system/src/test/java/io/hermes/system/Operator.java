package io.hermes.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody who looks after a demo with {@code hermes status}, {@code log} and {@code skip}. */
final class Operator {

    /** What a command ended with. */
    record Ended(int code, String output) {}

    private final Demo demo;

    Operator(Demo demo) {
        this.demo = demo;
    }

    /** Runs a command as a process of its own, with the configuration of the first ingress. */
    Ended run(String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(
                List.of("-c", demo.directory().resolve("ingress-0/config.yaml").toString()));
        Path output = Files.createTempFile("hermes-operator-", ".out");
        try {
            Process process = Java.start("io.hermes.launcher.Main", arguments, output);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}

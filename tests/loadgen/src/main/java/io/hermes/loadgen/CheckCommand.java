package io.hermes.loadgen;

import java.io.IOException;
import java.io.InputStream;

/** A command of the user's that compares the replicas: exit code 0 means identical. */
final class CheckCommand {

    private final String command;

    CheckCommand(String command) {
        this.command = command;
    }

    /** Runs it by the shell; what it prints goes to standard error. */
    Verdict run() {
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (InputStream printed = process.getInputStream()) {
                printed.transferTo(System.err);
            }
            int code = process.waitFor();
            return code == 0
                    ? Verdict.identical("says " + command)
                    : Verdict.different(command + " ended with code " + code);
        } catch (IOException e) {
            return Verdict.different(command + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.different(command + " was interrupted");
        }
    }
}

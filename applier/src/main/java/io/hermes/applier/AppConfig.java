package io.hermes.applier;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the app is started and spoken to.
 *
 * @param host where the app listens; loopback
 * @param port where the app listens
 * @param command program and arguments; not empty
 * @param directory the app's working directory, which Hermes makes, marks and wipes
 * @param noteFile where the applier notes the process that it started, so that its next run can end an orphan
 * @param pipelining the most requests sent before their answers came; 1 for apps that may answer out of order or close
 *     connections
 * @param timeout the longest wait for one answer; after it the request is in doubt
 * @param answerBytesMax the longest body of an answer that is kept
 * @param backoffMax the longest pause between two attempts to connect or to start
 */
public record AppConfig(
        String host,
        int port,
        List<String> command,
        Path directory,
        Path noteFile,
        int pipelining,
        Duration timeout,
        int answerBytesMax,
        Duration backoffMax) {

    /**
     * Checks the bounds.
     *
     * @param host not checked
     * @param port checked
     * @param command checked, copied
     * @param directory not checked
     * @param noteFile not checked
     * @param pipelining checked
     * @param timeout checked
     * @param answerBytesMax checked
     * @param backoffMax not checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public AppConfig {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("app.command is missing: Hermes must be able to start a disposable app"
                    + " anew, so it has to know how");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("app.port is " + port + ", wanted 1 to 65535");
        }
        if (pipelining < 1 || pipelining > 10_000) {
            throw new IllegalArgumentException("app.pipelining is " + pipelining + ", wanted 1 to 10000");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("app.timeout is " + timeout + ", wanted more than nothing");
        }
        if (answerBytesMax < 0) {
            throw new IllegalArgumentException("app.answer-bytes-max is " + answerBytesMax + ", wanted at least 0");
        }
    }
}

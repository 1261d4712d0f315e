package io.hermes.applier;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the app is started and spoken to.
 *
 * @param kind what is known of its state after a crash
 * @param host where the app listens; loopback
 * @param port where the app listens
 * @param command program and arguments; empty if Hermes does not start the app itself
 * @param directory the app's working directory, which Hermes makes and, for a disposable app, marks and wipes
 * @param noteFile where the applier notes the process that it started, so that its next run can end an orphan
 * @param gateDirectory shared with the gate that starts the app; null without one
 * @param initialState what a disposable app begins with; null for nothing
 * @param positionPath where a position-aware app tells its position
 * @param pipelining the most requests sent before their answers came; 1 for apps that may answer out of order or close
 *     connections
 * @param connections to the app; above 1 requests that do not conflict are executed side by side
 * @param timeout the longest wait for one answer; after it the request is in doubt
 * @param answerBytesMax the longest body of an answer that is kept
 * @param backoffMax the longest pause between two attempts to connect or to start
 */
public record AppConfig(
        AppKind kind,
        String host,
        int port,
        List<String> command,
        Path directory,
        Path noteFile,
        @Nullable Path gateDirectory,
        @Nullable InitialState initialState,
        String positionPath,
        int pipelining,
        int connections,
        Duration timeout,
        int answerBytesMax,
        Duration backoffMax) {

    private static final int CONNECTIONS_MAX = 64;

    /**
     * Checks the bounds.
     *
     * @param kind checked against command and gate
     * @param host not checked
     * @param port checked
     * @param command checked, copied
     * @param directory not checked
     * @param noteFile not checked
     * @param gateDirectory checked against the command
     * @param initialState checked against the kind
     * @param positionPath checked
     * @param pipelining checked
     * @param connections checked, against the kind too
     * @param timeout checked
     * @param answerBytesMax checked
     * @param backoffMax not checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public AppConfig {
        command = List.copyOf(command);
        require(
                kind != AppKind.DISPOSABLE || !command.isEmpty() || gateDirectory != null,
                "a disposable app needs app.command, or app.gate-directory if it runs in a container of its own: Hermes must"
                        + " be able to start it anew (or, if it must not be: app.kind: position-aware or external)");
        require(
                command.isEmpty() || gateDirectory == null,
                "app.command and app.gate-directory exclude each other: either Hermes starts the app, or its gate does");
        require(
                kind != AppKind.EXTERNAL || (command.isEmpty() && gateDirectory == null),
                "an external app is started by somebody else: remove app.command and app.gate-directory");
        require(
                initialState == null
                        || (kind == AppKind.DISPOSABLE && (!command.isEmpty() || initialState.isOfSnapshot())),
                "app.initial-state is for disposable apps that app.command starts: any other one keeps its own state; with"
                        + " app.gate-directory it names a file of a snapshot");
        require(port >= 1 && port <= 65_535, "app.port is " + port + ", wanted 1 to 65535");
        require(positionPath.startsWith("/"), "app.position-path is '" + positionPath + "', wanted a path");
        require(pipelining >= 1 && pipelining <= 10_000, "app.pipelining is " + pipelining + ", wanted 1 to 10000");
        require(
                connections >= 1 && connections <= CONNECTIONS_MAX,
                "app.connections is " + connections + ", wanted 1 to " + CONNECTIONS_MAX);
        require(
                connections == 1 || kind == AppKind.DISPOSABLE,
                "app.connections is " + connections + " with app.kind: " + kind.text()
                        + ", wanted 1: only what a disposable app has executed may have holes when it ends");
        require(!timeout.isNegative() && !timeout.isZero(), "app.timeout is " + timeout + ", wanted more than nothing");
        require(answerBytesMax >= 0, "app.answer-bytes-max is " + answerBytesMax + ", wanted at least 0");
    }

    /**
     * With one connection.
     *
     * @param kind what is known of the app's state after a crash
     * @param host where the app listens
     * @param port where the app listens
     * @param command program and arguments
     * @param directory the app's working directory
     * @param noteFile where the applier notes the process that it started
     * @param gateDirectory shared with the gate; null without one
     * @param initialState what a disposable app begins with; null for nothing
     * @param positionPath where a position-aware app tells its position
     * @param pipelining the most requests sent before their answers came
     * @param timeout the longest wait for one answer
     * @param answerBytesMax the longest body of an answer that is kept
     * @param backoffMax the longest pause between two attempts
     */
    public AppConfig(
            AppKind kind,
            String host,
            int port,
            List<String> command,
            Path directory,
            Path noteFile,
            @Nullable Path gateDirectory,
            @Nullable InitialState initialState,
            String positionPath,
            int pipelining,
            Duration timeout,
            int answerBytesMax,
            Duration backoffMax) {
        this(
                kind,
                host,
                port,
                command,
                directory,
                noteFile,
                gateDirectory,
                initialState,
                positionPath,
                pipelining,
                1,
                timeout,
                answerBytesMax,
                backoffMax);
    }

    /**
     * The same with other connections.
     *
     * @param number how many
     * @return a copy
     */
    public AppConfig withConnections(int number) {
        return new AppConfig(
                kind,
                host,
                port,
                command,
                directory,
                noteFile,
                gateDirectory,
                initialState,
                positionPath,
                pipelining,
                number,
                timeout,
                answerBytesMax,
                backoffMax);
    }

    /** Whether somebody else starts the app, and may do so again at any time. */
    boolean isAttached() {
        return command.isEmpty() && gateDirectory == null;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

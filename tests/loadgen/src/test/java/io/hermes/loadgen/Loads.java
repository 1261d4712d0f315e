package io.hermes.loadgen;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Makes runs for tests: one client that writes without thinking for 300 ms, unless told otherwise. */
final class Loads {

    private final Target target;
    private int clients = 1;
    private double rate;
    private int readPercent;
    private Duration duration = Duration.ofMillis(300);
    private Duration timeout = Duration.ofSeconds(5);
    private Duration thinkingTime = Duration.ZERO;
    private Duration warmUp = Duration.ZERO;
    private RunFiles.Paths paths = RunFiles.Paths.NONE;

    private Loads(Target target) {
        this.target = target;
    }

    static Loads aLoadOn(Target target) {
        return new Loads(target);
    }

    Loads withClients(int count) {
        clients = count;
        return this;
    }

    Loads withRate(double perSecond) {
        rate = perSecond;
        return this;
    }

    Loads withReadPercent(int percent) {
        readPercent = percent;
        return this;
    }

    Loads withDurationMillis(long millis) {
        duration = Duration.ofMillis(millis);
        return this;
    }

    Loads withTimeoutMillis(long millis) {
        timeout = Duration.ofMillis(millis);
        return this;
    }

    Loads withThinkingMillis(long millis) {
        thinkingTime = Duration.ofMillis(millis);
        return this;
    }

    Loads withWarmUpMillis(long millis) {
        warmUp = Duration.ofMillis(millis);
        return this;
    }

    Loads withPaths(RunFiles.Paths files) {
        paths = files;
        return this;
    }

    LoadConfig config() {
        Workload workload = new Workload(128, readPercent, "/line/{n}", "/insert", List.of(), 10);
        return new LoadConfig(target, workload, clients, rate, thinkingTime, warmUp, duration, timeout);
    }

    LoadLoop loop() {
        return new LoadLoop(
                config(),
                new CpuMeter(List.of()),
                RunFiles.open(paths, false),
                Progress.QUIET,
                new SplittableRandom(1));
    }

    RunResult run() {
        return loop().run();
    }

    /** Runs until the server has had so many requests, however slow this machine is. */
    RunResult runUntil(StubServer server, int requests) {
        LoadLoop loop = withDurationMillis(20_000).loop();
        Thread stopper = new Thread(
                () -> {
                    while (server.requests() < requests) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    loop.stop();
                },
                "stopper");
        stopper.setDaemon(true);
        stopper.start();
        return loop.run();
    }
}

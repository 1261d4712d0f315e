package io.hermes.check;

import io.hermes.applier.AppCall;
import io.hermes.proto.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Runs the app once and writes down what it answers. Owned by one thread; only {@link #stop} may be called from elsewhere. */
final class RunRecorder {

    /** How a failure begins that came when the app was started again where another incarnation had been. */
    static final String ANEW = "killed and started anew on the same port, ";

    private static final Duration NEVER = Duration.ofNanos(-1);

    private final CheckConfig config;
    private final List<AppCall> calls;
    private final IntSupplier ports;

    // Volatile: set by the owner, read by the thread that ends the process.
    private volatile @Nullable AppUnderCheck running;
    private volatile boolean stopped;

    RunRecorder(CheckConfig config, List<AppCall> calls, IntSupplier ports) {
        this.config = config;
        this.calls = List.copyOf(calls);
        this.ports = ports;
    }

    /** Any thread: ends the run that is under way. */
    void stop() {
        stopped = true;
        AppUnderCheck app = running;
        if (app != null) {
            app.stop();
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /**
     * Runs the app.
     *
     * @param number of the run, from 1
     * @param kills after how many requests the app is to be killed; it then begins anew with nothing
     */
    Run run(int number, List<Integer> kills) throws IOException {
        Path directory = config.directory().resolve("run-" + number);
        int port = ports.getAsInt();
        String replica = Integer.toString(number - 1);
        long startMillis = System.currentTimeMillis();
        List<Answered> answers = new ArrayList<>();
        List<Answered> before = new ArrayList<>();
        List<Integer> killed = new ArrayList<>();
        Duration startup = NEVER;
        ConnectionLook look = null;
        String failure = null;
        AppUnderCheck app = new AppUnderCheck(config, directory, port, replica);
        running = app;
        long beganNanos = System.nanoTime();
        try {
            app.begin();
            startup = since(beganNanos);
            beganNanos = System.nanoTime();
            for (int kill : kills) {
                answers.clear();
                app.apply(calls.subList(0, kill), answers);
                app.kill();
                before = List.copyOf(answers);
                killed.add(kill);
                begin(app);
            }
            answers.clear();
            app.apply(calls, answers);
            app.disconnect();
            look = look(port);
        } catch (AppUnderCheck.FailedException e) {
            failure = e.getMessage();
        } finally {
            app.close();
            running = null;
        }
        Duration elapsed = since(beganNanos);
        Map<String, String> files = FileDigests.of(app.directory());
        return new Run(
                new RunFacts(number, port, replica, app.directory(), app.pids(), startMillis),
                List.copyOf(answers),
                List.copyOf(killed),
                before,
                failure,
                files,
                look,
                startup,
                elapsed);
    }

    private static void begin(AppUnderCheck app) throws AppUnderCheck.FailedException {
        try {
            app.begin();
        } catch (AppUnderCheck.FailedException e) {
            throw new AppUnderCheck.FailedException(ANEW + e.getMessage());
        }
    }

    /** Nothing that the app is asked now is compared, but all runs are asked the same. */
    private ConnectionLook look(int port) {
        AppCall get = calls.stream()
                .filter(call -> call.record().request().method().equals("GET"))
                .findFirst()
                .orElseGet(() -> last("GET", "/"));
        AppCall head = last("HEAD", get.record().request().target());
        return ConnectionLook.at(port, get, head);
    }

    private AppCall last(String method, String target) {
        int number = calls.size() + 1;
        long position = calls.get(calls.size() - 1).position() + 1;
        Request request = new Request(method, target, List.of(Calls.HOST), new byte[0]);
        return Calls.of(
                number, position, Calls.id(number), request, calls.get(0).timeMillis(), 0);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}

package io.hermes.system;

import io.hermes.linearizability.AppendModel;
import io.hermes.linearizability.AppendModel.Input;
import io.hermes.linearizability.Linearizability;
import io.hermes.linearizability.Operation;
import io.hermes.linearizability.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Clients of the key-value app, each of which appends a piece that no other does to a text, or reads one. They name their requests,
 * and try again, through the next ingress, when they are told 503 or 504 or lose their connection. All that they saw is kept, by
 * text.
 */
final class TextClients {

    private static final int TEXTS_AT_ONCE = 8;
    private static final int OPERATIONS_A_TEXT = 60;
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final IntFunction<URI> ingress;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Map<String, List<Operation<Input, String>>> histories = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private TextClients(IntFunction<URI> ingress) {
        this.ingress = ingress;
    }

    /** Starts clients; try number n goes to the address that the function gives for n. */
    static TextClients start(int clients, long seed, IntFunction<URI> ingress) {
        TextClients started = new TextClients(ingress);
        for (int i = 0; i < clients; i++) {
            int number = i;
            Random random = new Random(seed * 1_000 + i);
            Thread thread = new Thread(() -> started.run(number, random), "text-client-" + i);
            started.threads.add(thread);
            thread.start();
        }
        return started;
    }

    int acknowledged() {
        return acknowledged.get();
    }

    /** How often what happened. */
    Map<String, Integer> counts() {
        Map<String, Integer> sorted = new TreeMap<>();
        counts.forEach((what, count) -> sorted.put(what, count.get()));
        return sorted;
    }

    void awaitMore(int operations) {
        int before = acknowledged.get();
        org.awaitility.Awaitility.await("further " + operations + " operations are answered")
                .atMost(Duration.ofSeconds(90))
                .until(() -> acknowledged.get() >= before + operations);
    }

    /** Lets each client finish, or give up, its present operation. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(Duration.ofMinutes(3).toMillis());
        }
    }

    /** What was seen of each text. */
    Map<String, List<Operation<Input, String>>> histories() {
        return histories;
    }

    /** The texts whose histories no order explains, with the reasons. */
    List<String> notLinearizable() {
        List<String> found = new ArrayList<>();
        histories.forEach((text, operations) -> {
            Verdict verdict = Linearizability.check(new AppendModel(), operations);
            if (verdict.kind() != Verdict.Kind.LINEARIZABLE) {
                found.add(text + ": " + verdict.explanation());
            }
        });
        return found;
    }

    private void run(int number, Random random) {
        for (int i = 0; !stopped; i++) {
            // Texts come and go, so that each one's history stays short enough to be checked.
            int generation = begun.getAndIncrement() / (TEXTS_AT_ONCE * OPERATIONS_A_TEXT);
            String text = "text-" + generation + "-" + random.nextInt(TEXTS_AT_ONCE);
            boolean reads = random.nextInt(4) == 0;
            Input input = reads ? Input.read() : Input.append("c" + number + "-" + i + ";");
            operate(number, "client-" + number + "-" + i, text, input);
        }
    }

    private void operate(int number, String key, String text, Input input) {
        long invokedNanos = System.nanoTime();
        boolean mayBeOrdered = false;
        for (int attempt = 0; System.nanoTime() - invokedNanos < GIVE_UP_NANOS; attempt++) {
            if (attempt > 0) {
                count("retries");
                pause();
            }
            HttpResponse<String> response = attempt(number + attempt, key, text, input);
            if (response == null) {
                mayBeOrdered = true;
                continue;
            }
            String output = output(response, input);
            if (output != null) {
                acknowledged.incrementAndGet();
                record(text, new Operation<>(number, input, invokedNanos, output, System.nanoTime()));
                return;
            }
            mayBeOrdered |= response.statusCode() != 503;
            if (response.statusCode() == 409) {
                // Applied, and the answer is gone: no use in asking again.
                break;
            }
        }
        count("given up");
        if (mayBeOrdered) {
            record(text, new Operation<>(number, input, invokedNanos, null, 0));
        }
    }

    private @Nullable HttpResponse<String> attempt(int number, String key, String text, Input input) {
        String appended = input.appended();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        ingress.apply(number).resolve("/kv/" + text + (appended == null ? "" : "/append")))
                .timeout(Duration.ofSeconds(30))
                .header("Idempotency-Key", key);
        if (appended == null && key.hashCode() % 2 == 0) {
            // Where such reads may go past the log, half of them go through it all the same.
            request.header("Hermes-Read-Level", "ordered");
        }
        if (appended != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(appended));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            count("status " + response.statusCode());
            response.headers().firstValue("Hermes-Read-Level").ifPresent(level -> count("reads by " + level));
            if (response.headers().firstValue("Idempotency-Replayed").isPresent()) {
                count("replays");
            }
            return response;
        } catch (IOException e) {
            count("connections broken");
            return null;
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** What the app told; null if it was not the app that answered. */
    private static @Nullable String output(HttpResponse<String> response, Input input) {
        if (response.headers().firstValue("Hermes-Replica").isEmpty()) {
            return null;
        }
        boolean absent = response.statusCode() == 404 && input.appended() == null;
        return absent ? "" : response.statusCode() == 200 ? response.body() : null;
    }

    private void record(String text, Operation<Input, String> operation) {
        histories
                .computeIfAbsent(text, any -> java.util.Collections.synchronizedList(new ArrayList<>()))
                .add(operation);
    }

    private void count(String what) {
        counts.computeIfAbsent(what, any -> new AtomicInteger()).incrementAndGet();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

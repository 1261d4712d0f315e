package io.hermes.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Clients that insert lines, each line once in the world, and remember what they were told. A client whose connection breaks
 * or who is told 503 or 504 goes on with its next line, or, if it names its requests, tries again under the same name.
 */
public final class Load {

    private static final int ATTEMPTS_MAX = 400;
    private static final int BROKEN = -1;
    private static final int INTERRUPTED = -2;

    private final IntFunction<URI> target;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private final String name;
    private final boolean keyed;
    // Guarded by this: clients are many.
    private long lastNanos = System.nanoTime();
    private long longestPauseNanos;
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger replays = new AtomicInteger();

    private Load(String name, boolean keyed, IntFunction<URI> target) {
        this.name = name;
        this.keyed = keyed;
        this.target = target;
    }

    /** Starts clients; client number i inserts at the address that the function gives for i. */
    public static Load start(int clients, IntFunction<URI> target) {
        return start("load", clients, Integer.MAX_VALUE, false, target);
    }

    /** Likewise, each with so many requests. */
    public static Load start(int clients, int requestsEach, IntFunction<URI> target) {
        return start("load", clients, requestsEach, false, target);
    }

    /** Likewise, with lines that no other load on the same demo writes. */
    public static Load named(String name, int clients, IntFunction<URI> target) {
        return start(name, clients, Integer.MAX_VALUE, false, target);
    }

    /**
     * Likewise, with a key for each line: who is told 503 or 504, or whose connection breaks, tries again with the same key, at
     * the address that the function gives for the client's number plus the number of the try.
     */
    public static Load keyed(String name, int clients, IntFunction<URI> target) {
        return start(name, clients, Integer.MAX_VALUE, true, target);
    }

    private static Load start(String name, int clients, int requestsEach, boolean keyed, IntFunction<URI> target) {
        Load load = new Load(name, keyed, target);
        for (int i = 0; i < clients; i++) {
            int number = i;
            Thread thread = new Thread(() -> load.run(number, requestsEach), "load-client-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /** Lines whose insertion was answered with 200. */
    public Set<String> acknowledged() {
        return acknowledged;
    }

    /** Lines of which a 503 said that they were not ordered. */
    public Set<String> refused() {
        return refused;
    }

    /** How often each status was seen. */
    public Map<Integer, AtomicInteger> statuses() {
        return statuses;
    }

    /** The longest time in which nobody's line was acknowledged, since the last call. */
    public synchronized Duration longestPause() {
        onAcknowledged();
        Duration longest = Duration.ofNanos(longestPauseNanos);
        longestPauseNanos = 0;
        return longest;
    }

    private synchronized void onAcknowledged() {
        long now = System.nanoTime();
        longestPauseNanos = Math.max(longestPauseNanos, now - lastNanos);
        lastNanos = now;
    }

    /** How often a client tried again. */
    public int retries() {
        return retries.get();
    }

    /** How often an answer was told to be one that had been given before. */
    public int replays() {
        return replays.get();
    }

    /** How often a connection broke before an answer came. */
    public int broken() {
        return broken.get();
    }

    /** Waits until this many more lines were acknowledged. */
    public void awaitMore(int count) {
        int before = acknowledged.size();
        org.awaitility.Awaitility.await("further " + count + " lines are acknowledged")
                .atMost(Duration.ofSeconds(60))
                .until(() -> acknowledged.size() >= before + count);
    }

    public void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(Duration.ofMinutes(2).toMillis());
        }
    }

    /** Lets each client finish its present request. */
    public void stop() throws InterruptedException {
        stopped = true;
        awaitEnd();
    }

    private void run(int number, int requests) {
        for (int i = 0; i < requests && !stopped; i++) {
            insert(number, name + "-client-" + number + "-line-" + i);
        }
    }

    private void insert(int number, String line) {
        boolean mayBeOrdered = false;
        for (int attempt = 0; attempt < (keyed ? ATTEMPTS_MAX : 1); attempt++) {
            if (attempt > 0) {
                retries.incrementAndGet();
                pause();
            }
            int status = tryToInsert(number + attempt, line);
            if (status == 200 || status == 409) {
                acknowledged.add(line);
                onAcknowledged();
                return;
            }
            if (status == INTERRUPTED) {
                return;
            }
            mayBeOrdered |= status != 503;
        }
        if (!mayBeOrdered) {
            refused.add(line);
            pause();
        }
    }

    private int tryToInsert(int number, String line) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target.apply(number))
                    .timeout(Duration.ofSeconds(60))
                    .POST(HttpRequest.BodyPublishers.ofString(line));
            if (keyed) {
                request.header("Idempotency-Key", line);
            }
            HttpResponse<Void> response = client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            statuses.computeIfAbsent(response.statusCode(), any -> new AtomicInteger())
                    .incrementAndGet();
            if (response.headers().firstValue("Idempotency-Replayed").isPresent()) {
                replays.incrementAndGet();
            }
            return response.statusCode();
        } catch (IOException e) {
            broken.incrementAndGet();
            pause();
            return BROKEN;
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    /** A client that was refused waits a little, as it was told to. */
    private static void pause() {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

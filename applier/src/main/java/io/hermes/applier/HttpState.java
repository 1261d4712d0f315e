package io.hermes.applier;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The app gives its state in answer to a GET and takes it with a PUT; neither counts as a request of the log. */
final class HttpState implements AppState {

    private final SnapshotConfig.Http paths;
    private final AppConfig app;
    private final Duration timeout;
    private final Runnable freeApp;

    /**
     * Speaks with an app that listens.
     *
     * @param timeout for all of an answer
     * @param freeApp closes the connection over which the app gets its requests: some apps serve one at a time
     */
    HttpState(SnapshotConfig.Http paths, AppConfig app, Duration timeout, Runnable freeApp) {
        this.paths = paths;
        this.app = app;
        this.timeout = timeout;
        this.freeApp = freeApp;
    }

    @Override
    public void save(Path file) throws IOException {
        HttpResponse<Path> answer =
                send(request(paths.take()).GET(), HttpResponse.BodyHandlers.ofFile(file), paths.take());
        // Without either, an answer that was cut off looks like a whole one.
        boolean bounded = answer.headers().firstValue("Content-Length").isPresent()
                || answer.headers().firstValue("Transfer-Encoding").isPresent();
        if (answer.statusCode() != 200 || !bounded) {
            throw new IOException("GET " + paths.take() + " was answered with " + answer.statusCode()
                    + (bounded ? "" : ", without Content-Length") + ", wanted 200 and the app's state");
        }
    }

    @Override
    public void restoreWhenListening(Path file) throws IOException {
        HttpResponse<Void> answer = send(
                request(paths.restore()).PUT(HttpRequest.BodyPublishers.ofFile(file)),
                HttpResponse.BodyHandlers.discarding(),
                paths.restore());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(
                    "PUT " + paths.restore() + " was answered with " + answer.statusCode() + ", wanted 2xx");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + app.host() + ":" + app.port() + path));
    }

    /** A connection of its own each time: it comes seldom, and must not outlive an incarnation of the app. */
    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler, String path)
            throws IOException {
        freeApp.run();
        CompletableFuture<HttpResponse<T>> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build()
                .sendAsync(request.build(), handler);
        try {
            // A time-out of the client's own would end with the header of the answer.
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer to " + path + " within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("no answer to " + path + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + path, e);
        } finally {
            answer.cancel(true);
        }
    }
}

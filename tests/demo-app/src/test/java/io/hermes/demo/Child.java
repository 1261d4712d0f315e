package io.hermes.demo;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A sample service in a JVM of its own, which can be killed. */
final class Child implements AutoCloseable {

    private final Process process;
    private final int port;

    /** Starts it and waits until it listens. */
    Child(Class<?> main, Path failpoints, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--port",
                "0"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HERMES_FAILPOINTS", failpoints.toString());
        process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the service did not start");
        }
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** Sends a text, each LF as CR LF, and counts the answers until the service is gone. */
    int stream(String requests) throws IOException {
        return stream(requests, Integer.MAX_VALUE, Duration.ZERO);
    }

    /** The same, but ends the service with SIGKILL a moment after so many answers are there, wherever that hits it. */
    int stream(String requests, int answersUntilKill, Duration moment) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            Thread writer = new Thread(() -> write(socket, requests), "demo-stream-0");
            writer.start();
            int answers = count(new BufferedInputStream(socket.getInputStream()), answersUntilKill, moment);
            join(writer);
            return answers;
        }
    }

    /** The body of the answer to a GET. */
    String get(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
        }
    }

    /** Ends it with SIGKILL as soon as a condition holds. */
    void killWhen(BooleanSupplier condition) {
        Thread killer = new Thread(
                () -> {
                    while (process.isAlive() && !condition.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    process.destroyForcibly();
                },
                "demo-killer-0");
        killer.start();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("still alive");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static void write(Socket socket, String requests) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(requests.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // It was killed, as it should be; what counts is what it had executed.
            return;
        }
    }

    private int count(InputStream in, int answersUntilKill, Duration moment) {
        int answers = 0;
        StringBuilder line = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.append((char) b);
                if (line.length() >= 12 && line.substring(line.length() - 12).equals("HTTP/1.1 200")) {
                    answers++;
                    if (answers == answersUntilKill) {
                        new Thread(() -> kill(moment), "demo-killer-0").start();
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            // A reset is an end as well.
            return answers;
        }
        return answers;
    }

    private void kill(Duration moment) {
        LockSupport.parkNanos(moment.toNanos());
        process.destroyForcibly();
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

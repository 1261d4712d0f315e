package io.hermes.applier;

import io.hermes.proto.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An app that has a line for each request, answers with how many there are, and begins anew with nothing, unless told otherwise. */
final class LinesApp implements App, FilledHost, AppState {

    private final List<String> lines = new ArrayList<>();
    private boolean alive;
    private int executed;
    private String failure = "";
    private boolean keepsState;
    private boolean halfFilled;
    private boolean diesWhenSaved;

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Requests executed since this object was made, by whatever incarnation. */
    int executed() {
        return executed;
    }

    /** From now on each incarnation goes on with the lines of the last one. */
    void keepState() {
        keepsState = true;
    }

    boolean keepsState() {
        return keepsState;
    }

    /** All lines are lost. */
    void wipe() {
        lines.clear();
        alive = false;
    }

    void die() {
        alive = false;
    }

    /** From now on no state can be saved; empty: it can. */
    void failToSave(String why) {
        failure = why;
    }

    /** It ends when its state is got the next time. */
    void dieWhenSaved() {
        diesWhenSaved = true;
    }

    @Override
    public void begin() {
        if (!keepsState || halfFilled) {
            lines.clear();
        }
        halfFilled = false;
        alive = true;
    }

    @Override
    public boolean isEmpty() {
        return lines.isEmpty() || halfFilled;
    }

    @Override
    public void keepFilling() {
        halfFilled = false;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public void awaitListening() {}

    @Override
    public void apply(List<AppCall> calls, Answers answers) {
        for (AppCall call : calls) {
            executed++;
            lines.add(call.position() + " " + new String(call.record().request().body(), StandardCharsets.ISO_8859_1));
            byte[] body = ("line " + lines.size()).getBytes(StandardCharsets.US_ASCII);
            answers.onAnswer(call, new AppAnswer(new Answer(200, List.of(), body)));
        }
    }

    @Override
    public long tellPosition() {
        return lines.isEmpty() ? 0 : Long.parseLong(lines.get(lines.size() - 1).replaceAll(" .*", ""));
    }

    @Override
    public void save(Path file) throws IOException {
        Files.write(file, lines);
        alive &= !diesWhenSaved;
        diesWhenSaved = false;
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
    }

    @Override
    public void restoreWhenListening(Path file) throws IOException {
        lines.addAll(Files.readAllLines(file));
        halfFilled = true;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
}

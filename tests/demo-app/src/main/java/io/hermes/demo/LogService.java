package io.hermes.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log server: {@code POST /insert} appends the body as a line, {@code GET /line/N} returns it. */
final class LogService implements Service {

    private static final String FIELDS = "Content-type: application/text\r\n";
    private static final String LINE = "/line/";

    private static final String POSITION = "/.well-known/hermes/position";

    private final LineLog log;
    private final @Nullable PositionNote note;
    private long position;

    /**
     * Makes the service.
     *
     * @param note where the position is kept; null for a service that does not know it
     */
    LogService(LineLog log, @Nullable PositionNote note) {
        this.log = log;
        this.note = note;
        this.position = note == null ? 0 : note.position();
    }

    /** A service that keeps the position with its lines, across its own death. */
    static LogService aware(Path file) throws IOException {
        PositionNote note = new PositionNote(file.resolveSibling(file.getFileName() + ".position"));
        if (note.isFresh()) {
            LineLog log = new LineLog(file);
            // From now on, lines without a note are cut off.
            note.write(0, log.bytes());
            return new LogService(log, note);
        }
        return new LogService(LineLog.cutTo(file, note.bytes()), note);
    }

    @Override
    public HttpAnswer execute(HttpRequest request) throws IOException {
        String path = request.path();
        if (note != null) {
            String told = request.header("Hermes-Position");
            if (told != null) {
                position = Long.parseLong(told);
            } else if (path.equals(POSITION)) {
                return HttpAnswer.of(200, FIELDS, Long.toString(position));
            }
        }
        if (request.is("POST") && path.equals("/insert")) {
            log.append(request.body());
            return HttpAnswer.of(200, FIELDS, "written");
        }
        if (request.is("GET") && path.startsWith(LINE)) {
            return line(path.substring(LINE.length()));
        }
        if (request.is("GET") && path.equals("/digest")) {
            String json = String.format(
                    "{\"lines\":%d,\"bytes\":%d,\"digest\":\"%08x\"}", log.lines(), log.bytes(), log.digest());
            return HttpAnswer.of(200, "Content-type: application/json\r\n", json);
        }
        return HttpAnswer.of(200, FIELDS, "\"nothing to do here\"");
    }

    LineLog log() {
        return log;
    }

    @Override
    public void settle() throws IOException {
        log.settle();
        if (note != null && position != note.position()) {
            note.write(position, log.bytes());
        }
    }

    @Override
    public void close() throws IOException {
        if (note != null) {
            settle();
            note.close();
        }
        log.close();
    }

    /** 1 is the first line; 0 and -1 are the last one. */
    private HttpAnswer line(String number) throws IOException {
        long wanted;
        try {
            wanted = Long.parseLong(number);
        } catch (NumberFormatException e) {
            return HttpAnswer.of(200, FIELDS, "null");
        }
        long index = wanted == 0 || wanted == -1 ? log.lines() - 1L : wanted - 1;
        if (index < 0 || index >= log.lines()) {
            return HttpAnswer.of(200, FIELDS, "null");
        }
        return HttpAnswer.of(200, FIELDS, Json.string(new String(log.line((int) index), StandardCharsets.UTF_8)));
    }
}

package io.hermes.demo;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log server: {@code POST /insert} appends the body as a line, {@code GET /line/N} returns it. */
final class LogService implements Service {

    private static final String FIELDS = "Content-type: application/text\r\n";
    private static final String LINE = "/line/";

    private final LineLog log;
    private final AppliedPosition applied;
    private final @Nullable PositionNote note;

    LogService(LineLog log) {
        this(log, new AppliedPosition(), null);
    }

    private LogService(LineLog log, AppliedPosition applied, @Nullable PositionNote note) {
        this.log = log;
        this.applied = applied;
        this.note = note;
    }

    /**
     * A service whose position lasts together with its lines. A file without a note about its position is adopted: it keeps its
     * lines, and its position is 0.
     */
    static LogService aware(Path file, AppliedPosition applied) throws IOException {
        PositionNote note = PositionNote.open(PositionNote.beside(file));
        if (note == null) {
            LineLog log = new LineLog(file);
            // The note has to be there before the first insert: else a kill would make that one an adopted line.
            log.settle();
            return new LogService(log, applied, PositionNote.create(PositionNote.beside(file), 0, log.bytes()));
        }
        LineLog log = new LineLog(file, note.bytes());
        if (log.bytes() != note.bytes()) {
            log.close();
            note.close();
            throw new IOException("it has " + log.bytes() + " bytes, but had " + note.bytes() + " at position "
                    + Long.toUnsignedString(note.position()));
        }
        applied.raise(note.position());
        return new LogService(log, applied, note);
    }

    LineLog log() {
        return log;
    }

    @Override
    public HttpAnswer execute(HttpRequest request) throws IOException {
        String path = request.path();
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
        if (path.equals(AwareService.PATH)) {
            return HttpAnswer.of(404, FIELDS, "not position-aware\n");
        }
        return HttpAnswer.of(200, FIELDS, "\"nothing to do here\"");
    }

    @Override
    public void settle() throws IOException {
        log.settle();
        if (note != null && note.bytes() != log.bytes()) {
            note.write(applied.highest(), log.bytes());
        }
    }

    @Override
    public void close() throws IOException {
        settle();
        log.close();
        if (note != null) {
            note.close();
        }
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
        return HttpAnswer.of(200, FIELDS, quoted(new String(log.line((int) index), StandardCharsets.UTF_8)));
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}

package io.hermes.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The log server: {@code POST /insert} appends the body as a line, {@code GET /line/N} returns it. */
final class LogService implements Service {

    private static final String FIELDS = "Content-type: application/text\r\n";
    private static final String LINE = "/line/";

    private final LineLog log;

    LogService(LineLog log) {
        this.log = log;
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
        return HttpAnswer.of(200, FIELDS, "\"nothing to do here\"");
    }

    @Override
    public void settle() throws IOException {
        log.settle();
    }

    @Override
    public void close() throws IOException {
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

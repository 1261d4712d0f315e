package io.hermes.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hermes.applier.AppCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The report for programs: one JSON object. */
final class JsonReport {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static String of(Verdict verdict, List<AppCall> calls, List<Run> runs) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("deterministic", verdict.deterministic());
        report.put("verdict", verdict.line());
        report.put("requests", calls.size());
        report.put("runs", runs.stream().map(JsonReport::run).toList());
        report.put(
                "differences",
                verdict.findings().stream().map(each -> finding(each, calls)).toList());
        report.put("notes", verdict.notes());
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> run(Run run) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("run", run.facts().number());
        about.put("port", run.facts().port());
        about.put("startupMillis", run.started() ? run.startup().toMillis() : -1);
        about.put("answers", run.answers().size());
        about.put("killedAfter", run.killed());
        about.put("failure", Objects.requireNonNullElse(run.failure(), ""));
        about.put("files", run.files());
        return about;
    }

    private static Map<String, Object> finding(Finding finding, List<AppCall> calls) {
        Difference difference = finding.difference();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("request", difference.index() + 1);
        about.put("position", calls.get(difference.index()).position());
        about.put("line", Calls.line(calls.get(difference.index())));
        about.put("part", difference.part());
        about.put(
                "runs",
                List.of(
                        difference.left().run().number(),
                        difference.right().run().number()));
        about.put("values", List.of(difference.left().text(), difference.right().text()));
        about.put("differing", List.of(finding.left(), finding.right()));
        about.put("cause", finding.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        about.put("evidence", finding.cause().evidence());
        about.put("advice", finding.cause().advice());
        return about;
    }
}

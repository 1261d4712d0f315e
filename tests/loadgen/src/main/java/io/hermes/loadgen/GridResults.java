package io.hermes.loadgen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the experiment has shown so far; on disk after each point. */
final class GridResults {

    private final Path directory;
    private final Map<String, Object> about;
    private final CsvFile table;
    private final Map<GridPoint, RunResult> measured = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final Map<Scenario, Verdict> verdicts = new EnumMap<>(Scenario.class);

    GridResults(Path directory, Map<String, Object> about) {
        this.directory = directory;
        this.about = about;
        this.table = new CsvFile(directory.resolve("points.csv"), ";scenario");
    }

    void onResult(GridPoint point, RunResult result) {
        table.add(result, ";" + point.scenario().id());
        if (result.isEmpty()) {
            failures.put(point.title(), "nothing was answered");
        } else {
            measured.put(point, result);
        }
        write();
    }

    void onFailure(String what, String why) {
        failures.put(what, why);
        write();
    }

    void onVerdict(Scenario scenario, Verdict verdict) {
        verdicts.put(scenario, verdict);
        write();
    }

    Map<GridPoint, RunResult> measured() {
        return measured;
    }

    /** What failed, and why. */
    Map<String, String> failures() {
        return failures;
    }

    boolean isGood() {
        return failures.isEmpty() && verdicts.values().stream().noneMatch(Verdict::isDifferent);
    }

    private void write() {
        Map<String, Object> report = new LinkedHashMap<>(about);
        Map<String, Object> replicas = new LinkedHashMap<>();
        verdicts.forEach((scenario, verdict) -> replicas.put(scenario.id(), verdict.toString()));
        report.put("replicas", replicas);
        report.put("failures", failures);
        List<Map<String, Object>> points = new ArrayList<>();
        measured.forEach((point, result) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("scenario", point.scenario().id());
            entry.putAll(JsonReport.of(result));
            points.add(entry);
        });
        report.put("points", points);
        JsonReport.write(directory.resolve("results.json"), report);
    }
}

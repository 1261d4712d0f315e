package io.hermes.check;

import io.hermes.applier.AppCall;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report for people. */
final class TextReport {

    private final PrintWriter out;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    void onRun(Run run, int runs, int requests) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "run %d of %d, port %d: ",
                run.facts().number(),
                runs,
                run.facts().port()));
        if (run.started()) {
            line.append(String.format(
                    Locale.ROOT, "up after %.1f s, ", run.startup().toMillis() / 1e3));
            line.append(String.format(
                    Locale.ROOT,
                    "%d of %d requests answered in %.1f s",
                    run.answers().size(),
                    requests,
                    run.elapsed().toMillis() / 1e3));
            if (!run.answers().isEmpty()) {
                line.append(" (").append(statuses(run)).append(')');
            }
            if (!run.killed().isEmpty()) {
                line.append(", killed after ")
                        .append(run.killed().stream().map(String::valueOf).collect(Collectors.joining(", ")))
                        .append(" and replayed from the beginning");
            }
        } else {
            line.append("not up");
        }
        out.println(line);
        String failure = run.failure();
        if (failure != null) {
            out.println("  " + failure.replace("\n", "\n    "));
        }
        out.flush();
    }

    void verdict(Verdict verdict, List<AppCall> calls) {
        if (!verdict.findings().isEmpty()) {
            finding(verdict.findings().get(0), calls);
            Map<Cause, Long> causes = verdict.causes();
            long differing = causes.values().stream().mapToLong(Long::longValue).sum();
            out.println("in all " + differing + " of " + calls.size() + " requests are answered differently: "
                    + causes.entrySet().stream()
                            .map(entry -> entry.getKey().words() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
        }
        verdict.notes().forEach(note -> out.println("note: " + note));
        if (verdict.deterministic()) {
            out.println(
                    "note: equal answers are evidence and no proof: what was not asked, rare interleavings of threads, and"
                            + " other machines were not tried");
        }
        out.println(verdict.line());
        out.flush();
    }

    private void finding(Finding finding, List<AppCall> calls) {
        Difference difference = finding.difference();
        int at = Texts.firstDifference(
                difference.left().text(), difference.right().text());
        out.println();
        out.println("first difference: request " + (difference.index() + 1) + ", "
                + Calls.line(calls.get(difference.index())));
        for (Difference.Side side : List.of(difference.left(), difference.right())) {
            out.println("  " + difference.part() + ", " + side.run().name() + ":  " + Texts.piece(side.text(), at));
        }
        if (!finding.left().isEmpty() && !difference.isStatus()) {
            out.println(
                    "  differing:  " + Texts.shortened(finding.left()) + "  /  " + Texts.shortened(finding.right()));
        }
        out.println("  probably:   " + finding.cause().words() + " ("
                + finding.cause().evidence() + ")");
        out.println("  what to do: " + finding.cause().advice());
    }

    private static String statuses(Run run) {
        Map<Integer, Integer> counts = new TreeMap<>();
        Verdict.answers(run).forEach(answer -> counts.merge(answer.status(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}

package io.hermes.check;

import io.hermes.applier.AppCall;
import io.hermes.proto.Answer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of all runs.
 *
 * @param deterministic whether nothing speaks against it
 * @param line for people, the last one of the report
 * @param findings all that differ, by request
 * @param notes what is worth knowing and fails nothing
 */
record Verdict(boolean deterministic, String line, List<Finding> findings, List<String> notes) {

    private static final int FILES_MAX = 5;
    private static final int NAME_CHARACTERS_MIN = 4;

    /**
     * Compares the runs.
     *
     * @param config how they were made
     * @param calls what each was asked
     * @param runs at least one; fewer than configured if they failed
     */
    static Verdict of(CheckConfig config, List<AppCall> calls, List<Run> runs) {
        Differ differ = new Differ(config.ignored());
        Run first = runs.get(0);
        List<Difference> differences = runs.stream()
                .skip(1)
                .flatMap(run -> differ.between(first, run).stream())
                .sorted(Comparator.comparingInt(Difference::index))
                .toList();
        List<Finding> findings = new CauseFinder(
                        runs, config.namesReplicas(), new TimeReader(ZoneId.systemDefault()), differ)
                .explain(differences);
        List<String> notes = notes(config, calls, runs);
        if (!findings.isEmpty()) {
            Finding finding = findings.get(0);
            Difference difference = finding.difference();
            String line = "not deterministic: request " + (difference.index() + 1) + " of " + calls.size() + " ("
                    + Calls.line(calls.get(difference.index())) + ") is answered differently by "
                    + difference.left().run().name() + " and "
                    + difference.right().run().name() + ", " + difference.part()
                    + ", probably because of: " + finding.cause().words();
            return new Verdict(false, line, findings, notes);
        }
        List<Run> failed = runs.stream().filter(run -> run.failure() != null).toList();
        if (failed.isEmpty()) {
            return new Verdict(
                    true,
                    "deterministic: " + runs.size() + " runs of " + calls.size() + " requests gave equal answers",
                    findings,
                    notes);
        }
        return new Verdict(false, failure(calls, runs, failed.get(0)), findings, notes);
    }

    /** How many requests each cause explains, the most frequent first. */
    Map<Cause, Long> causes() {
        Map<Cause, Long> causes = new TreeMap<>();
        findings.stream()
                .collect(Collectors.groupingBy(finding -> finding.difference().index()))
                .values()
                .forEach(same -> causes.merge(same.get(0).cause(), 1L, Long::sum));
        return causes;
    }

    private static String failure(List<AppCall> calls, List<Run> runs, Run failed) {
        String why = firstLine(Objects.requireNonNull(failed.failure()));
        if (!failed.started()) {
            return failed.facts().number() == 1
                    ? "no verdict: the app did not start: " + why
                    : "not deterministic: the app started in run 1 and not in "
                            + failed.facts().name() + ": " + why;
        }
        if (why.startsWith(RunRecorder.ANEW)) {
            return "no verdict: what was compared is equal, but in "
                    + failed.facts().name() + ", " + why;
        }
        int furthest = failed.answers().size();
        if (furthest >= calls.size()) {
            return "no verdict: " + failed.facts().name() + ": " + why;
        }
        String request =
                "request " + (furthest + 1) + " of " + calls.size() + " (" + Calls.line(calls.get(furthest)) + ")";
        boolean everywhere = runs.stream()
                .allMatch(run -> run.failure() != null && run.answers().size() == furthest);
        if (everywhere) {
            return "no verdict: the app did not answer " + request + ": " + why
                    + (runs.size() > 1 ? ", in each of " + runs.size() + " runs" : "");
        }
        return "not deterministic: " + request + " was not answered in each run; in "
                + failed.facts().name() + ": " + why;
    }

    static String firstLine(String text) {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).replaceAll("; it printed (last:|nothing)$", "");
    }

    private static List<String> notes(CheckConfig config, List<AppCall> calls, List<Run> runs) {
        List<String> notes = new ArrayList<>();
        Run first = runs.get(0);
        ConnectionLook look = first.look();
        if (look != null) {
            if (!look.keepsConnections()) {
                notes.add(
                        "the app closes each connection after one answer: that works, and costs a connection a request");
            } else if (look.pipelines() && config.concurrency() == 1) {
                notes.add("the app keeps connections open and takes pipelined requests: app.pipelining may be above 1"
                        + " (try it here with --concurrency 16)");
            }
            look.head()
                    .ifPresent(
                            problem -> notes.add("the app " + problem + ": Hermes counts that as a request in doubt"));
        }
        note(files(runs), notes);
        note(tooLong(first), notes);
        note(unhappy(first), notes);
        note(hostName(calls, first), notes);
        note(today(calls, first), notes);
        return notes;
    }

    private static void note(@Nullable String text, List<String> notes) {
        if (text != null) {
            notes.add(text);
        }
    }

    private static @Nullable String files(List<Run> runs) {
        Run first = runs.get(0);
        for (Run run : runs) {
            List<String> names = FileDigests.differing(first.files(), run.files());
            if (!names.isEmpty()) {
                return "the working directories of " + first.facts().name() + " and "
                        + run.facts().name() + " differ in "
                        + names.size() + (names.size() == 1 ? " file: " : " files: ")
                        + names.stream().limit(FILES_MAX).collect(Collectors.joining(", "))
                        + (names.size() > FILES_MAX ? ", …" : "")
                        + "; that is no failure, since no client sees it, but look why";
            }
        }
        return null;
    }

    private static @Nullable String tooLong(Run run) {
        long count =
                run.answers().stream().filter(each -> each.answer() == null).count();
        return count == 0 ? null : count + " answers are longer than 16 MiB and were not compared";
    }

    /** A service that refuses everything is deterministic, and nothing is known about it. */
    private static @Nullable String unhappy(Run run) {
        long good =
                answers(run).stream().filter(answer -> answer.status() < 400).count();
        return run.answers().isEmpty() || good * 2 >= run.answers().size()
                ? null
                : "only " + good + " of " + run.answers().size()
                        + " answers have a status below 400: name requests that your service understands (--example,"
                        + " --requests)";
    }

    private static @Nullable String hostName(List<AppCall> calls, Run run) {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return null;
        }
        boolean told =
                name.length() >= NAME_CHARACTERS_MIN && !name.startsWith("localhost") && isTold(name, calls, run);
        return told
                ? "answers name this machine, '" + name + "': copies on other machines would answer differently"
                : null;
    }

    /** All runs are of one day, so a date differs in none of them. */
    private static @Nullable String today(List<AppCall> calls, Run run) {
        Instant begin = Instant.ofEpochMilli(run.facts().startMillis());
        for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.systemDefault())) {
            String date = LocalDate.ofInstant(begin, zone).toString();
            if (isTold(date, calls, run)) {
                return "answers tell today's date, " + date
                        + ", which no request told: copies would differ around midnight, and when a copy replays later";
            }
        }
        return null;
    }

    private static boolean isTold(String text, List<AppCall> calls, Run run) {
        boolean asked = calls.stream()
                .anyMatch(call -> call.record().request().target().contains(text)
                        || latin(call.record().request().body()).contains(text)
                        || call.record().request().headers().stream()
                                .anyMatch(header -> header.value().contains(text)));
        boolean sameDay = calls.stream()
                .anyMatch(call ->
                        Instant.ofEpochMilli(call.timeMillis()).toString().startsWith(text));
        return !asked
                && !sameDay
                && answers(run).stream().anyMatch(answer -> latin(answer.body()).contains(text));
    }

    static List<Answer> answers(Run run) {
        List<Answer> answers = new ArrayList<>();
        for (Answered answered : run.answers()) {
            Answer answer = answered.answer();
            if (answer != null) {
                answers.add(answer);
            }
        }
        return answers;
    }

    private static String latin(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }
}

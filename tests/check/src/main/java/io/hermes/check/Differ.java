package io.hermes.check;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares answers: statuses, bodies, then header fields by name, several of one name in their order. */
final class Differ {

    private static final String NONE = "(none)";

    private final Set<String> ignored;

    /**
     * Makes one.
     *
     * @param ignored names of fields in lower case
     */
    Differ(Set<String> ignored) {
        this.ignored = Set.copyOf(ignored);
    }

    /** The requests that two runs answered differently, in their order, each with the first part that differs. */
    List<Difference> between(Run left, Run right) {
        List<Difference> differences =
                new ArrayList<>(between(left.facts(), left.answers(), right.facts(), right.answers()));
        // What it answered before it was killed counts as well.
        for (Difference difference : between(left.facts(), left.answers(), right.facts(), right.retold())) {
            if (differences.stream().noneMatch(other -> other.index() == difference.index())) {
                differences.add(difference);
            }
        }
        differences.sort(Comparator.comparingInt(Difference::index));
        return differences;
    }

    private List<Difference> between(RunFacts left, List<Answered> lefts, RunFacts right, List<Answered> rights) {
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
            difference(i, left, lefts.get(i), right, rights.get(i)).ifPresent(differences::add);
        }
        return differences;
    }

    Optional<Difference> difference(int index, RunFacts leftRun, Answered left, RunFacts rightRun, Answered right) {
        Answer one = left.answer();
        Answer other = right.answer();
        if (one == null && other == null) {
            return Optional.empty();
        }
        if (one == null || other == null) {
            return Optional.of(new Difference(
                    index,
                    Difference.BODY,
                    new Difference.Side(leftRun, length(one), left.atMillis()),
                    new Difference.Side(rightRun, length(other), right.atMillis())));
        }
        String part = null;
        String leftText = "";
        String rightText = "";
        if (one.status() != other.status()) {
            part = Difference.STATUS;
            leftText = Integer.toString(one.status());
            rightText = Integer.toString(other.status());
        } else if (!Arrays.equals(one.body(), other.body())) {
            part = Difference.BODY;
            leftText = Texts.of(one.body());
            rightText = Texts.of(other.body());
        } else {
            Map<String, List<String>> fields = fields(one);
            Map<String, List<String>> others = fields(other);
            Set<String> names = new TreeSet<>(fields.keySet());
            names.addAll(others.keySet());
            for (String name : names) {
                if (part == null
                        && !fields.getOrDefault(name, List.of()).equals(others.getOrDefault(name, List.of()))) {
                    part = "header " + name;
                    leftText = text(fields, name);
                    rightText = text(others, name);
                }
            }
        }
        return part == null
                ? Optional.empty()
                : Optional.of(new Difference(
                        index,
                        part,
                        new Difference.Side(leftRun, leftText, left.atMillis()),
                        new Difference.Side(rightRun, rightText, right.atMillis())));
    }

    private Map<String, List<String>> fields(Answer answer) {
        Map<String, List<String>> fields = new TreeMap<>();
        for (Header header : answer.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!ignored.contains(name)) {
                fields.computeIfAbsent(name, unused -> new ArrayList<>()).add(header.value());
            }
        }
        return fields;
    }

    private static String text(Map<String, List<String>> fields, String name) {
        return fields.containsKey(name) ? String.join(", ", fields.getOrDefault(name, List.of())) : NONE;
    }

    private static String length(@Nullable Answer answer) {
        return answer == null ? "(more than 16 MiB)" : "(" + answer.body().length + " bytes)";
    }
}

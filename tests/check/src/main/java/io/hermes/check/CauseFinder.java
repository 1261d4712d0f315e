package io.hermes.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guesses why two answers differ, from the words that differ and from what is known of the two runs. Sure signs (a port, a process id)
 * come before likely ones (many digits), those before signs that only several runs give.
 */
final class CauseFinder {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{5,16}|@[0-9a-f]{5,8}\\b");
    private static final Pattern HEX = Pattern.compile("(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])[0-9a-fA-F]{8,}");
    private static final Pattern MIXED = Pattern.compile("(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_+/-]{10,}");
    private static final Pattern LETTERS = Pattern.compile("(?=.*[a-z])(?=.*[A-Z])[A-Za-z]{12,}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(e-?[0-9]+)?");
    private static final Pattern MEASURE = Pattern.compile("[0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|sec)");
    private static final Pattern DURATION_NAME = Pattern.compile(
            "(took|elapsed|duration|latency|runtime|uptime|response.?time|process.?time|_ms|_us|_ns|millis|nanos|seconds)");
    private static final int MANY_DIGITS = 5;
    private static final int SAMPLES_MIN = 3;

    private final List<Run> runs;
    private final boolean namesReplicas;
    private final TimeReader times;
    private final Differ differ;

    CauseFinder(List<Run> runs, boolean namesReplicas, TimeReader times, Differ differ) {
        this.runs = List.copyOf(runs);
        this.namesReplicas = namesReplicas;
        this.times = times;
        this.differ = differ;
    }

    /**
     * Explains differences.
     *
     * @param differences all that there are
     * @return one finding for each
     */
    List<Finding> explain(List<Difference> differences) {
        boolean growing = isGrowing(differences);
        Cause otherwise = byRuns(differences);
        return differences.stream()
                .map(each -> explain(each, growing, otherwise))
                .toList();
    }

    private Finding explain(Difference difference, boolean growing, Cause otherwise) {
        String left = difference.left().text();
        String right = difference.right().text();
        if (difference.isStatus()) {
            return new Finding(difference, otherwise, left, right);
        }
        List<String> lefts = texts(left);
        List<String> rights = texts(right);
        if (lefts.size() > 1 && isReordered(lefts, rights)) {
            int at = 0;
            while (at < lefts.size() - 1 && lefts.get(at).equals(rights.get(at))) {
                at++;
            }
            return new Finding(difference, Cause.ORDER, lefts.get(at), rights.get(at));
        }
        Finding first = null;
        for (Pair pair : pairs(left, right)) {
            Cause cause = cause(pair, difference, growing);
            if (cause != Cause.UNKNOWN) {
                return new Finding(
                        difference, cause, pair.left().text(), pair.right().text());
            }
            if (first == null) {
                first = new Finding(
                        difference, otherwise, pair.left().text(), pair.right().text());
            }
        }
        return first != null ? first : new Finding(difference, otherwise, "", "");
    }

    private record Pair(Texts.Word left, Texts.Word right) {}

    /** Words that stand at the same place and differ; only the first of them if the texts are not built alike. */
    private static List<Pair> pairs(String left, String right) {
        List<Texts.Word> lefts = Texts.words(left);
        List<Texts.Word> rights = Texts.words(right);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
            if (!lefts.get(i).text().equals(rights.get(i).text())) {
                pairs.add(new Pair(lefts.get(i), rights.get(i)));
                if (lefts.size() != rights.size()) {
                    break;
                }
            }
        }
        return pairs;
    }

    private Cause cause(Pair pair, Difference difference, boolean growing) {
        String left = pair.left().text();
        String right = pair.right().text();
        RunFacts one = difference.left().run();
        RunFacts other = difference.right().run();
        if (hasNumber(left, one.port()) && hasNumber(right, other.port())) {
            return Cause.PORT;
        }
        if (hasAny(left, one.pids()) && hasAny(right, other.pids())) {
            return Cause.PID;
        }
        if (left.contains(one.directory().toString())
                && right.contains(other.directory().toString())) {
            return Cause.DIRECTORY;
        }
        if (UUID.matcher(left).find() && UUID.matcher(right).find()) {
            return Cause.RANDOM;
        }
        if (namesReplicas && isReplica(left, one) && isReplica(right, other)) {
            return Cause.REPLICA;
        }
        if (tellsTime(left, difference.left()) && tellsTime(right, difference.right())) {
            return Cause.CLOCK;
        }
        if (isAddress(pair.left()) && isAddress(pair.right())) {
            return Cause.ADDRESS;
        }
        if (NUMBER.matcher(left).matches() && NUMBER.matcher(right).matches()) {
            return ofNumbers(pair, difference, growing);
        }
        if (MEASURE.matcher(left).matches() && MEASURE.matcher(right).matches()) {
            return Cause.TIMING;
        }
        if (isReordered(characters(left), characters(right)) && left.length() > 2) {
            return Cause.ORDER;
        }
        return looksRandom(left) && looksRandom(right) ? Cause.RANDOM : Cause.UNKNOWN;
    }

    private Cause ofNumbers(Pair pair, Difference difference, boolean growing) {
        String left = pair.left().text();
        String right = pair.right().text();
        String name = (difference.part() + " " + pair.left().before()).toLowerCase(Locale.ROOT);
        if (DURATION_NAME.matcher(name).find()) {
            return Cause.TIMING;
        }
        if (isMonotonicClock(left, right, difference)) {
            return Cause.CLOCK;
        }
        boolean whole = !left.contains(".") && !right.contains(".");
        if (whole && growing) {
            return Cause.CARRIED_OVER;
        }
        return left.length() >= MANY_DIGITS && right.length() >= MANY_DIGITS ? Cause.RANDOM : Cause.UNKNOWN;
    }

    /** A clock that does not count from 1970 goes on by what has passed between the two answers all the same. */
    private static boolean isMonotonicClock(String left, String right, Difference difference) {
        if (left.contains("e") || right.contains("e")) {
            return false;
        }
        BigDecimal grown = new BigDecimal(right).subtract(new BigDecimal(left));
        double passedSeconds =
                (difference.right().atMillis() - difference.left().atMillis()) / 1e3;
        boolean fraction = left.contains(".") && right.contains(".");
        for (int digits : fraction ? List.of(0, 3) : List.of(3, 6, 9)) {
            double seconds = grown.doubleValue() / Math.pow(10, digits);
            if (passedSeconds > 0.9 && Math.abs(seconds - passedSeconds) < 0.25) {
                return true;
            }
        }
        return false;
    }

    /**
     * What only several runs can tell, if it holds for all that differs: all later ones agree and the first does not, or only the
     * one that was killed does not.
     */
    private Cause byRuns(List<Difference> differences) {
        if (runs.size() < SAMPLES_MIN) {
            return Cause.UNKNOWN;
        }
        List<Run> later = runs.subList(1, runs.size());
        List<Run> earlier = runs.subList(0, runs.size() - 1);
        List<Integer> indexes = differences.stream()
                .map(Difference::index)
                .filter(index -> runs.stream().allMatch(run -> run.answers().size() > index))
                .distinct()
                .toList();
        if (indexes.isEmpty()) {
            return Cause.UNKNOWN;
        }
        if (indexes.stream().allMatch(index -> agree(later, index))) {
            return Cause.CARRIED_OVER;
        }
        boolean onlyLast = indexes.stream().allMatch(index -> agree(earlier, index));
        boolean killed = !runs.get(runs.size() - 1).killed().isEmpty();
        return onlyLast && killed ? Cause.RESTART : Cause.UNKNOWN;
    }

    private boolean agree(List<Run> several, int index) {
        Run first = several.get(0);
        return several.stream().allMatch(run -> differ.difference(
                        index,
                        first.facts(),
                        first.answers().get(index),
                        run.facts(),
                        run.answers().get(index))
                .isEmpty());
    }

    /** Whether every whole number that differs is greater in the later run, often enough to be no chance. */
    private static boolean isGrowing(List<Difference> differences) {
        int samples = 0;
        for (Difference difference : differences) {
            for (Pair pair : difference.isStatus()
                    ? List.<Pair>of()
                    : pairs(difference.left().text(), difference.right().text())) {
                if (pair.left().text().matches("[0-9]{1,18}")
                        && pair.right().text().matches("[0-9]{1,18}")) {
                    samples++;
                    if (Long.parseLong(pair.right().text())
                            <= Long.parseLong(pair.left().text())) {
                        return false;
                    }
                }
            }
        }
        return samples >= SAMPLES_MIN;
    }

    private boolean tellsTime(String word, Difference.Side side) {
        return times.tellsTimeBetween(word, side.run().startMillis(), side.atMillis());
    }

    private static boolean isAddress(Texts.Word word) {
        return ADDRESS.matcher(word.text()).find();
    }

    private static boolean looksRandom(String word) {
        return HEX.matcher(word).find()
                || MIXED.matcher(word).find()
                || LETTERS.matcher(word).find();
    }

    /** Its number at a word's end, not in the middle of a token. */
    private static boolean isReplica(String word, RunFacts run) {
        return Pattern.compile("(?<![0-9])" + Pattern.quote(run.replica()) + "(?![0-9A-Za-z])")
                .matcher(word)
                .find();
    }

    private static boolean hasAny(String word, Set<Long> numbers) {
        return numbers.stream().anyMatch(number -> hasNumber(word, number));
    }

    private static boolean hasNumber(String word, long number) {
        Matcher matcher = Pattern.compile("(?<![0-9])" + number + "(?![0-9])").matcher(word);
        return matcher.find();
    }

    private static boolean isReordered(List<String> left, List<String> right) {
        return left.size() == right.size()
                && !left.equals(right)
                && left.stream()
                        .sorted()
                        .toList()
                        .equals(right.stream().sorted().toList());
    }

    private static List<String> texts(String text) {
        return Texts.words(text).stream().map(Texts.Word::text).toList();
    }

    private static List<String> characters(String word) {
        return word.chars().mapToObj(Character::toString).toList();
    }
}

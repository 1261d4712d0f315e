package io.hermes.proto;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is declared of the requests to one kind of path. Written as words, {@code path=/accounts/{id} conflict=id}.
 *
 * @param path begins with a slash; a part in braces stands for any one segment, a last part {@code **} for any rest
 * @param methods those that are meant; empty for all, or, of a route that is read-only, for GET and HEAD
 * @param readOnly whether the app's state stays as it is, whatever is asked here
 * @param level how a read that does not say so itself is executed; of no meaning unless read-only
 * @param conflict the part in braces whose value tells which requests must keep their order; empty if all must
 */
public record Route(String path, Set<String> methods, boolean readOnly, ReadLevel level, String conflict) {

    private static final int PATH_LENGTH_MAX = 500;
    private static final String FORM =
            "wanted 'path=/PART/{NAME} [methods=GET,HEAD] [read-only=true [level=LEVEL]] [conflict=NAME]'";

    /**
     * Checks that the parts fit together.
     *
     * @param path checked
     * @param methods copied
     * @param readOnly not checked
     * @param level checked
     * @param conflict checked
     * @throws IllegalArgumentException saying what was wanted
     */
    public Route {
        require(path.startsWith("/"), "the path '" + path + "' of a route begins with no slash; " + FORM);
        require(
                path.length() <= PATH_LENGTH_MAX,
                "the path of a route has " + path.length() + " characters, wanted at most " + PATH_LENGTH_MAX);
        require(
                conflict.isEmpty() || List.of(path.substring(1).split("/", -1)).contains("{" + conflict + "}"),
                "the path '" + path + "' has no part {" + conflict + "} that requests could conflict about");
        require(readOnly || level == ReadLevel.ORDERED, "level=" + level.text() + " is for routes with read-only=true");
        methods = Set.copyOf(methods);
    }

    /**
     * Reads a route.
     *
     * @param text words {@code key=value} in any order
     * @return the route
     * @throws IllegalArgumentException saying what was wanted
     */
    public static Route parse(String text) {
        String path = "";
        Set<String> methods = new TreeSet<>();
        boolean readOnly = false;
        ReadLevel level = ReadLevel.ORDERED;
        String conflict = "";
        for (String word : text.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "true" : word.substring(equals + 1);
            switch (key) {
                case "path" -> path = value;
                case "methods" -> methods.addAll(List.of(value.split(",")));
                case "read-only" -> readOnly = flag(value);
                case "level" -> level = level(value);
                case "conflict" -> conflict = value;
                default -> throw new IllegalArgumentException("'" + word + "' in a route; " + FORM);
            }
        }
        return new Route(path, methods, readOnly, level, conflict);
    }

    /**
     * As {@link #parse} reads it.
     *
     * @return words separated by blanks
     */
    public String text() {
        List<String> words = new ArrayList<>();
        words.add("path=" + path);
        if (!methods.isEmpty()) {
            words.add("methods=" + String.join(",", new TreeSet<>(methods)));
        }
        if (readOnly) {
            words.add("read-only=true");
        }
        if (level != ReadLevel.ORDERED) {
            words.add("level=" + level.text());
        }
        if (!conflict.isEmpty()) {
            words.add("conflict=" + conflict);
        }
        return String.join(" ", words);
    }

    /** Whether requests of a method are meant. */
    boolean isFor(String method) {
        if (methods.isEmpty()) {
            return !readOnly || method.equals("GET") || method.equals("HEAD");
        }
        return methods.contains(method);
    }

    private static boolean flag(String value) {
        require(value.equals("true") || value.equals("false"), "read-only=" + value + ", wanted true or false");
        return value.equals("true");
    }

    private static ReadLevel level(String value) {
        return ReadLevel.of(value)
                .orElseThrow(() ->
                        new IllegalArgumentException("level=" + value + ", wanted one of " + ReadLevel.choices()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

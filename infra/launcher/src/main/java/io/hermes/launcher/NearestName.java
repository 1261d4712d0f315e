package io.hermes.launcher;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which name somebody meant. */
final class NearestName {

    private NearestName() {}

    /** The known name with the fewest letters to change; empty if more than half of them would have to be. */
    static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(nearest -> distance(name, nearest) <= Math.max(name.length(), nearest.length()) / 2);
    }

    /** Levenshtein's edit distance. */
    static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], before[j]) + 1, before[j - 1] + change);
            }
            before = now;
        }
        return before[to.length()];
    }
}

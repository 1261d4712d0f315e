package io.hermes.applier;

import io.hermes.proto.Comparison;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the digests of the replicas. Fed with records in log order, with log time and the settings in force; looks at
 * nothing else, so every replica comes to the same.
 *
 * <p>Owned by the loop's thread.
 */
final class Verdicts {

    /** Windows that are looked at: the newest, and those before it. */
    static final int WINDOWS_KEPT = 8;

    /** A second replica, or the same one again, is not rebuilt within so much log time. */
    private static final long REBUILD_AGAIN_MILLIS = Duration.ofHours(1).toMillis();

    /** What was found. */
    enum Kind {
        /** Two replicas differ. */
        DIFFERENT,
        /** A strict majority agrees on something else: the replica is to be rebuilt. */
        QUARANTINE,
        /** The same, but it is not to be rebuilt. */
        CONTRADICTED,
        /** Replicas differ, and no majority agrees. */
        NO_MAJORITY
    }

    /** One finding; the replica is the one that is contradicted, if there is one. */
    record Finding(Kind kind, long window, String replica, String text) {}

    private final TreeMap<Long, Map<String, WindowDigestRecord>> windows = new TreeMap<>();
    private final Set<String> reported = new HashSet<>();
    private String quarantined;
    private String quarantinedRun;
    private long quarantinedAfter;
    private long quarantineMillis;
    private long equalBelow;
    private long unequal;
    private String alarm;

    Verdicts(Comparison restored) {
        for (WindowDigestRecord digest : restored.digests()) {
            windows.computeIfAbsent(digest.window(), any -> new TreeMap<>()).put(digest.replica(), digest);
        }
        Comparison.Decided decided = restored.decided();
        quarantined = decided.quarantined();
        quarantinedRun = decided.quarantinedRun();
        quarantinedAfter = decided.quarantinedAfter();
        quarantineMillis = decided.quarantineMillis();
        equalBelow = decided.equalBelow();
        unequal = decided.unequal();
        alarm = decided.alarm();
        reported.addAll(decided.reported());
    }

    List<WindowDigestRecord> digests() {
        return windows.values().stream().flatMap(of -> of.values().stream()).toList();
    }

    Comparison.Decided decided() {
        return new Comparison.Decided(
                quarantined,
                quarantinedRun,
                quarantinedAfter,
                quarantineMillis,
                equalBelow,
                unequal,
                alarm,
                List.copyOf(new TreeSet<>(reported)));
    }

    /** What a replica said last about a window; null if nothing, or nothing that counts. */
    @Nullable
    WindowDigestRecord of(long window, String replica) {
        return windows.getOrDefault(window, Map.of()).get(replica);
    }

    /** What a strict majority of the replica set agrees on in a window; null if there is no such thing. */
    @Nullable
    WindowDigestRecord agreed(long window, Windows settings) {
        Set<String> members = members(settings);
        Collection<WindowDigestRecord> said = said(window, members);
        for (WindowDigestRecord one : said) {
            long equal = said.stream()
                    .filter(other -> one.isComparable(other) && one.isEqual(other))
                    .count();
            if (equal * 2 > members.size()) {
                return one;
            }
        }
        return null;
    }

    /** Takes the next digest of the log. */
    List<Finding> deliver(WindowDigestRecord digest, Windows settings, long timeMillis) {
        if (!windows.isEmpty() && digest.window() + WINDOWS_KEPT <= windows.lastKey()) {
            return List.of();
        }
        if (quarantined.equals(digest.replica()) && !quarantinedRun.equals(digest.incarnation())) {
            quarantined = "";
            quarantinedRun = "";
            quarantinedAfter = 0;
        }
        put(digest);
        List<Finding> findings = new ArrayList<>();
        judge(digest.window(), settings, timeMillis, findings);
        // Who has not spoken about a window two windows later may never do so.
        for (long older : List.copyOf(windows.headMap(digest.window() - 1).keySet())) {
            if (hasDifference(older) && agreed(older, settings) == null) {
                noMajority(older, findings);
            }
        }
        if (!alarm.isEmpty() && windows.keySet().stream().noneMatch(this::hasDifference)) {
            alarm = "";
        }
        return findings;
    }

    private void put(WindowDigestRecord digest) {
        WindowDigestRecord before = of(digest.window(), digest.replica());
        if (before != null && !before.digest().equals(digest.digest())) {
            // This run answers otherwise than the one before: what that one said counts no more.
            windows.values().forEach(of -> of.values()
                    .removeIf(said -> said.replica().equals(digest.replica())
                            && !said.incarnation().equals(digest.incarnation())));
            // A checkpoint does not know of these windows, so they must not count here either.
            windows.values().removeIf(Map::isEmpty);
        }
        windows.computeIfAbsent(digest.window(), any -> new TreeMap<>()).put(digest.replica(), digest);
        long keptAfter = windows.lastKey() - WINDOWS_KEPT;
        windows.headMap(keptAfter, true).clear();
        reported.removeIf(key -> Long.parseLong(key.substring(0, key.indexOf(' '))) <= keptAfter);
    }

    private void judge(long window, Windows settings, long timeMillis, List<Finding> findings) {
        Set<String> members = members(settings);
        Collection<WindowDigestRecord> said = said(window, members);
        boolean all = said.size() == members.size();
        if (!hasDifference(window)) {
            if (all && areEqual(said)) {
                equalBelow = Math.max(equalBelow, window + 1);
            }
            return;
        }
        if (reported.add(window + " ")) {
            unequal++;
            findings.add(new Finding(Kind.DIFFERENT, window, "", "replicas differ in window " + window));
        }
        WindowDigestRecord agreed = agreed(window, settings);
        if (agreed == null) {
            if (all) {
                noMajority(window, findings);
            }
            return;
        }
        for (WindowDigestRecord one : windows.getOrDefault(window, Map.of()).values()) {
            boolean contradicted = agreed.isComparable(one) && !agreed.isEqual(one);
            if (contradicted && reported.add(window + " " + one.replica() + " " + one.incarnation())) {
                contradict(one, members, settings, timeMillis, findings);
            }
        }
    }

    private void contradict(
            WindowDigestRecord one, Set<String> members, Windows settings, long timeMillis, List<Finding> findings) {
        String what = one.replica() + " answered otherwise than the majority in window " + one.window()
                + " (after position " + one.after() + " through " + one.through() + ")";
        if (quarantined.equals(one.replica()) && quarantinedRun.equals(one.incarnation())) {
            // Windows may be told out of order.
            quarantinedAfter = Math.min(quarantinedAfter, one.after());
            String again = what + "; the log says already that it is to be rebuilt";
            // An app that keeps its state is not, so its alarm may have ended since.
            alarm = alarm.isEmpty() ? again : alarm;
            findings.add(new Finding(Kind.CONTRADICTED, one.window(), one.replica(), again));
            return;
        }
        String whyNot = whyNotRebuild(one, members, settings, timeMillis);
        if (whyNot.isEmpty()) {
            quarantined = one.replica();
            quarantinedRun = one.incarnation();
            quarantinedAfter = one.after();
            // 0 says never.
            quarantineMillis = Math.max(1, timeMillis);
            alarm = what;
            findings.add(new Finding(Kind.QUARANTINE, one.window(), one.replica(), alarm));
        } else {
            alarm = what + "; " + whyNot;
            findings.add(new Finding(Kind.CONTRADICTED, one.window(), one.replica(), alarm));
        }
    }

    private String whyNotRebuild(WindowDigestRecord one, Set<String> members, Windows settings, long timeMillis) {
        if (settings.replicas().isEmpty()) {
            return "it is not rebuilt, since settings.replicas does not say who has to agree";
        }
        if (!members.contains(one.replica())) {
            return "it is not rebuilt, since settings.replicas does not name it";
        }
        if (!quarantined.isEmpty() && !quarantined.equals(one.replica()) && members.contains(quarantined)) {
            return "it is not rebuilt, since " + quarantined + " is to be rebuilt and has not answered anew yet";
        }
        if (quarantineMillis > 0 && timeMillis - quarantineMillis < REBUILD_AGAIN_MILLIS) {
            return "a replica was rebuilt within the last hour already, so the app does not seem to be deterministic";
        }
        return "";
    }

    private void noMajority(long window, List<Finding> findings) {
        if (reported.add(window + " none")) {
            alarm = "replicas answer differently in window " + window
                    + ", and no majority agrees: the app does not seem to be deterministic (does it read its clock, or random"
                    + " numbers?)";
            findings.add(new Finding(Kind.NO_MAJORITY, window, "", alarm));
        }
    }

    private boolean hasDifference(long window) {
        Collection<WindowDigestRecord> said =
                windows.getOrDefault(window, Map.of()).values();
        return said.stream()
                .anyMatch(one -> said.stream().anyMatch(other -> one.isComparable(other) && !one.isEqual(other)));
    }

    /** All of them could be compared, and are equal. */
    private static boolean areEqual(Collection<WindowDigestRecord> said) {
        WindowDigestRecord first = said.iterator().next();
        return said.stream().allMatch(one -> first.isComparable(one) && first.isEqual(one));
    }

    private Collection<WindowDigestRecord> said(long window, Set<String> members) {
        return windows.getOrDefault(window, Map.of()).values().stream()
                .filter(one -> members.contains(one.replica()))
                .toList();
    }

    /** Those that are listed; if none is, those that have spoken lately. */
    private Set<String> members(Windows settings) {
        Set<String> members = new TreeSet<>(settings.replicas());
        if (members.isEmpty()) {
            windows.values().forEach(of -> members.addAll(of.keySet()));
        }
        return members;
    }
}

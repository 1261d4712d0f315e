package io.hermes.applier;

import io.hermes.proto.Route;
import io.hermes.proto.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A service whose every answer depends on the order of what it executed before: accounts that are added to, multiplied and read,
 * by routes that declare the account as what requests conflict about; and transfers and sums, of which nothing is declared. It reads,
 * takes its time, and then writes: requests that overlap although they conflict undo each other.
 */
final class Accounts implements ThreadedApp.Handler {

    static final Routes ROUTES = new Routes(List.of(Route.parse("path=/accounts/{id}/** conflict=id")));

    private static final long MODULUS = 1_000_003;

    private final Map<String, Long> balances = new TreeMap<>();
    private final long seed;

    Accounts(long seed) {
        this.seed = seed;
    }

    /** Some requests with positions that have gaps, as a log has them. */
    static List<AppCall> calls(Random random) {
        int count = 60 + random.nextInt(80);
        int accounts = 1 + random.nextInt(12);
        int undeclaredPercent = random.nextInt(3) * 8;
        List<AppCall> calls = new ArrayList<>();
        long position = 1;
        for (int i = 0; i < count; i++) {
            position += 1 + random.nextInt(3);
            String target = target(random, accounts, undeclaredPercent);
            AppCall call = Calls.call(position, Calls.request("POST", target, ""));
            calls.add(Calls.withConflict(call, ROUTES.conflict(call.record().request())));
        }
        return calls;
    }

    private static String target(Random random, int accounts, int undeclaredPercent) {
        if (random.nextInt(100) < undeclaredPercent) {
            return random.nextBoolean()
                    ? "/sum"
                    : "/transfer?from=" + random.nextInt(accounts) + "&to=" + random.nextInt(accounts);
        }
        String account = "/accounts/" + random.nextInt(accounts);
        return switch (random.nextInt(5)) {
            case 0, 1 -> account + "/add?n=" + (1 + random.nextInt(1_000));
            case 2, 3 -> account + "/times?n=" + (2 + random.nextInt(1_000));
            default -> account + "/balance";
        };
    }

    /** What is there when all is executed. */
    synchronized Map<String, Long> balances() {
        return new TreeMap<>(balances);
    }

    @Override
    public String answer(String target, long position) throws InterruptedException {
        Random random = new Random(seed * 31 + position);
        String[] parts = target.split("[/?=&]", -1);
        String answer =
                switch (parts[1]) {
                    case "accounts" -> change(parts, random);
                    case "transfer" -> transfer(parts[3], parts[5], random);
                    default -> sum(random);
                };
        work(random);
        return answer;
    }

    private String change(String[] parts, Random random) throws InterruptedException {
        long before = balance(parts[2]);
        work(random);
        long after =
                switch (parts[3]) {
                    case "add" -> (before + Long.parseLong(parts[5])) % MODULUS;
                    case "times" -> (before * Long.parseLong(parts[5])) % MODULUS;
                    default -> before;
                };
        write(parts[2], after);
        return parts[2] + " has " + after;
    }

    private String transfer(String from, String to, Random random) throws InterruptedException {
        long half = balance(from) / 2;
        long left = balance(from) - half;
        write(from, left);
        work(random);
        long after = balance(to) + half;
        write(to, after);
        return from + " had " + (left + half) + " and " + to + " has " + after;
    }

    private String sum(Random random) throws InterruptedException {
        long before = total();
        work(random);
        return "from " + before + " to " + total();
    }

    private synchronized long balance(String account) {
        return balances.getOrDefault(account, 1L);
    }

    private synchronized void write(String account, long balance) {
        balances.put(account, balance);
    }

    private synchronized long total() {
        return balances.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Mostly at once, now and then some milliseconds. */
    private static void work(Random random) throws InterruptedException {
        int fate = random.nextInt(10);
        if (fate == 0) {
            Thread.sleep(1 + random.nextInt(3));
        } else if (fate < 4) {
            Thread.sleep(0, 100_000);
        }
    }
}

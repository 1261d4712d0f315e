package io.hermes.demo;

import io.hermes.demo.KvChange.Operation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Values and counters, and how many bytes they would take in a journal. */
final class KvState {

    /** Takes changes. */
    interface Changes {
        void accept(KvChange change) throws IOException;
    }

    private final Map<String, byte[]> values = new TreeMap<>();
    private final Map<String, BigInteger> counters = new TreeMap<>();
    private long liveBytes;

    byte @Nullable [] value(String key) {
        return values.get(key);
    }

    BigInteger counter(String name) {
        return counters.getOrDefault(name, BigInteger.ZERO);
    }

    int entries() {
        return values.size() + counters.size();
    }

    /** Bytes that {@link #tellTo} makes in a journal. */
    long liveBytes() {
        return liveBytes;
    }

    void apply(KvChange change) {
        String key = change.key();
        switch (change.operation()) {
            case PUT -> put(key, change.value());
            case DELETE -> grow(key, values.remove(key), null);
            case APPEND -> put(key, joined(values.getOrDefault(key, new byte[0]), change.value()));
            case ADD -> add(key, new BigInteger(change.value()));
            case NOTE -> {}
        }
    }

    long digest() {
        CRC32C crc = new CRC32C();
        values.forEach((key, value) -> {
            crc.update((key + "=" + value.length + ":").getBytes(StandardCharsets.UTF_8));
            crc.update(value);
        });
        counters.forEach((name, value) -> crc.update((name + "#" + value + ";").getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }

    /** Tells the changes that make this state out of an empty one. */
    void tellTo(long position, Changes changes) throws IOException {
        for (Map.Entry<String, byte[]> value : values.entrySet()) {
            changes.accept(new KvChange(position, Operation.PUT, value.getKey(), value.getValue()));
        }
        for (Map.Entry<String, BigInteger> counter : counters.entrySet()) {
            changes.accept(new KvChange(
                    position,
                    Operation.ADD,
                    counter.getKey(),
                    counter.getValue().toByteArray()));
        }
    }

    private void put(String key, byte[] value) {
        grow(key, values.put(key, value), value);
    }

    private void add(String name, BigInteger added) {
        BigInteger after = counter(name).add(added);
        BigInteger before = counters.put(name, after);
        grow(name, before == null ? null : before.toByteArray(), after.toByteArray());
    }

    private void grow(String key, byte @Nullable [] before, byte @Nullable [] after) {
        liveBytes += (after == null ? 0 : KvChange.bytes(key, after.length))
                - (before == null ? 0 : KvChange.bytes(key, before.length));
    }

    private static byte[] joined(byte[] before, byte[] more) {
        byte[] after = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, after, before.length, more.length);
        return after;
    }
}

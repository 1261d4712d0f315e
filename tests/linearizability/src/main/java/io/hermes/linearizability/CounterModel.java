package io.hermes.linearizability;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A counter: true increments it, false reads it; both are told its value afterwards. */
public final class CounterModel implements Model<Long, Boolean, Long> {

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> step(Long state, Boolean increments, @Nullable Long output) {
        long after = increments ? state + 1 : state;
        return output == null || output == after ? Optional.of(after) : Optional.empty();
    }
}

package io.hermes.ingress;

import io.hermes.proto.ReadLevel;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about how fresh a read has to be; of no meaning for requests that are not declared read-only.
 *
 * @param level null if it did not say: then the route's counts
 * @param minPosition the highest position that the client has seen, as it says itself; 0 if it did not say
 */
public record ReadWish(@Nullable ReadLevel level, long minPosition) {

    /** The client said nothing. */
    public static final ReadWish NONE = new ReadWish(null, 0);

    static final String LEVEL_FIELD = "Hermes-Read-Level";
    static final String MIN_POSITION_FIELD = "Hermes-Min-Position";

    /**
     * Reads the two header fields.
     *
     * @param level of {@code Hermes-Read-Level}; null if there is none
     * @param minPosition of {@code Hermes-Min-Position}; null if there is none
     * @throws IllegalArgumentException saying what was wanted
     */
    static ReadWish of(@Nullable String level, @Nullable String minPosition) {
        if (level == null && minPosition == null) {
            return NONE;
        }
        ReadLevel wanted = level == null
                ? null
                : ReadLevel.of(level)
                        .orElseThrow(() -> new IllegalArgumentException(
                                LEVEL_FIELD + " is '" + level + "', wanted one of " + ReadLevel.choices()));
        if (minPosition != null && !minPosition.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(MIN_POSITION_FIELD + " is '" + minPosition
                    + "', wanted a position as an earlier answer told it in Hermes-Position");
        }
        return new ReadWish(wanted, minPosition == null ? 0 : Long.parseLong(minPosition));
    }
}

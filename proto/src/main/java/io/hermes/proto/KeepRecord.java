package io.hermes.proto;

import java.util.List;

/**
 * Clients were told "outcome unknown" about these requests, with their ids: so they may be asked for, as long as if the clients
 * had named them.
 *
 * @param incarnation the run of the ingress
 * @param numbers of its exchanges, each at least 1
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 */
public record KeepRecord(Incarnation incarnation, List<Long> numbers, long logTimeMillis) implements LogContent {

    /**
     * Checks the numbers.
     *
     * @param incarnation not checked again
     * @param numbers checked, copied
     * @param logTimeMillis not checked
     * @throws IllegalArgumentException if a number is below 1
     */
    public KeepRecord {
        numbers = List.copyOf(numbers);
        for (long number : numbers) {
            if (number < 1) {
                throw new IllegalArgumentException("request numbers begin at 1, not " + number);
            }
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.keep(this);
    }
}

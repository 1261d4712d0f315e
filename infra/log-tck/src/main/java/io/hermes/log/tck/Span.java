package io.hermes.log.tck;

import io.hermes.log.Position;
import java.util.List;

/**
 * One append in the life of several writers.
 *
 * @param called when, by a clock that all writers share
 * @param ended when its outcome was known, by the same clock
 * @param position where the record stands
 */
record Span(long called, long ended, Position position) {

    /** The pairs of appends that did not overlap and stand in the wrong order. */
    static List<String> contradictions(List<Span> spans) {
        return spans.stream()
                .flatMap(early -> spans.stream()
                        .filter(late -> early.ended < late.called && !late.position.isAfter(early.position))
                        .map(late -> late + " was called after " + early))
                .toList();
    }
}

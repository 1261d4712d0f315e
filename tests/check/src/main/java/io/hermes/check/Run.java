package io.hermes.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param facts what distinguishes it
 * @param answers to the requests, from the first one on, of the incarnation that got furthest
 * @param killed after how many requests the app was killed and begun anew with nothing; empty for never
 * @param retold what was answered before the last kill, for comparison with what was answered after it
 * @param failure why there are no further answers; null if there is one to each request
 * @param files of its directory at the end, with their digests
 * @param look how it treats connections; null if it did not get that far
 * @param startup from the start to the first connection
 * @param elapsed for the requests
 */
record Run(
        RunFacts facts,
        List<Answered> answers,
        List<Integer> killed,
        List<Answered> retold,
        @Nullable String failure,
        Map<String, String> files,
        @Nullable ConnectionLook look,
        Duration startup,
        Duration elapsed) {

    boolean started() {
        return !startup.isNegative();
    }
}

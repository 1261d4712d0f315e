package io.hermes.system;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Failpoints} beside apps that begin anew, each time with nothing. */
class DisposableFailpointsIT extends Failpoints {

    DisposableFailpointsIT(@TempDir Path temp) {
        super(temp, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"after-read", "before-call", "after-answer", "before-reply"})
    void applierThatEndsAtAnyStepLosesAndDoublesNothing(String point) throws Exception {
        applierEndsAt(point);
    }
}

package io.hermes.system;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Failpoints} beside apps that keep their state and know their position. */
class PositionAwareFailpointsIT extends Failpoints {

    PositionAwareFailpointsIT(@TempDir Path temp) {
        super(temp, List.of("--set", "app.kind=position-aware", "--set", "replica.checkpoint-interval=1s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after-read",
                "before-call",
                "after-answer",
                "before-checkpoint",
                "inside-checkpoint",
                "before-reply"
            })
    void applierThatEndsAtAnyStepLosesAndDoublesNothing(String point) throws Exception {
        applierEndsAt(point);
    }
}

package io.hermes.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever ends an ingress leaves it the time that its clients may wait, as the configuration's documentation has it. */
class GracePeriodsTest {

    private static final int CLOSING_SECONDS = 20;

    @Test
    void kubernetesWaitsUntilEveryoneIsAnswered() {
        String ingress = Yaml.read(Yaml.ROOT.resolve("k8s/base/ingress.yaml"));

        assertThat(seconds(ingress, "terminationGracePeriodSeconds: ([0-9]+)"))
                .isGreaterThanOrEqualTo(
                        seconds(ingress, "\\[sleep, \"([0-9]+)\"]") + requestTimeoutSeconds() + CLOSING_SECONDS);
    }

    @Test
    void composeWaitsUntilEveryoneIsAnswered() {
        String compose = Yaml.read(Yaml.ROOT.resolve("compose/compose.yaml"));

        assertThat(seconds(compose, "command: \\[ingress](?:\n  .*)*\n  stop_grace_period: ([0-9]+)s"))
                .isGreaterThanOrEqualTo(requestTimeoutSeconds() + CLOSING_SECONDS);
    }

    private static int requestTimeoutSeconds() {
        return seconds(
                Yaml.read(Yaml.ROOT.resolve("docs/configuration.md")), "`ingress.request-timeout` \\| `([0-9]+)s`");
    }

    private static int seconds(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}

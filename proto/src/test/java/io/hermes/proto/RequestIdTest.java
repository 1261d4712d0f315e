package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestIdTest {

    @Test
    void idThatAnIngressMadeIsKnownAsSuch() {
        CorrelationId first = new CorrelationId(new Incarnation("ingress-0-0123456789abcdef"), 42);

        RequestId back = RequestId.parse(new RequestId.Made(first).text(), "whoever");

        assertThat(back).isEqualTo(new RequestId.Made(first));
    }

    @Test
    void everythingElseIsAKeyOfTheClients() {
        for (String key : List.of("7", "order.7", "8e03978e-40d5-43dd-bc93-6894a57f9324", "a-0123456789abcdef.0")) {
            assertThat(RequestId.parse(key, "me")).isEqualTo(new RequestId.Key("me", key));
        }
    }

    @Test
    void sameKeyOfAnotherPrincipalIsAnotherRequest() {
        assertThat(RequestId.parse("7", "me")).isNotEqualTo(RequestId.parse("7", "you"));
    }

    @Test
    void keyOutOfBoundsIsRefused() {
        for (String key : List.of("", "x".repeat(256), "caf\u00e9", "a\nb")) {
            assertThatThrownBy(() -> RequestId.parse(key, "")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fingerprintDependsOnWhatTheClientAsked() {
        Fingerprinter fingerprinter = new Fingerprinter();
        Fingerprint one = fingerprinter.of(request("POST", "/a", "text/plain", "body"), "me");

        assertThat(fingerprinter.of(request("POST", "/a", "text/plain", "body"), "me"))
                .isEqualTo(one);
        assertThat(List.of(
                        fingerprinter.of(request("PUT", "/a", "text/plain", "body"), "me"),
                        fingerprinter.of(request("POST", "/b", "text/plain", "body"), "me"),
                        fingerprinter.of(request("POST", "/a", "text/html", "body"), "me"),
                        fingerprinter.of(request("POST", "/a", "text/plain", "bodies"), "me"),
                        fingerprinter.of(request("POST", "/a", "text/plain", "body"), "you")))
                .doesNotContain(one)
                .doesNotHaveDuplicates();
    }

    /** A change here makes replicas replay old logs differently. */
    @Test
    void settingsBeforeAnyRecordNeverChange() {
        assertThat(Settings.BEFORE_ANY_RECORD)
                .isEqualTo(new Settings(
                        0, 1, 100_000, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), 33_554_432));
    }

    private static Request request(String method, String target, String type, String body) {
        return new Request(
                method,
                target,
                List.of(new Header("X-Try", body + type), new Header("content-type", type)),
                body.getBytes(StandardCharsets.US_ASCII));
    }
}

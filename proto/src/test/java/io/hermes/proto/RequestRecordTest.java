package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestRecordTest {

    @Test
    void requestThatCountsAsFinishedIsRefused() {
        assertThatThrownBy(() -> new RequestRecord(
                        Identity.unnamed(new CorrelationId(Samples.INCARNATION, 5), ""),
                        Samples.REQUEST.request(),
                        0,
                        0,
                        "",
                        ReplyRoute.NOBODY,
                        0,
                        6))
                .hasMessageContaining("ingress-0-18c0ffee.5")
                .hasMessageContaining("6");
    }

    @Test
    void targetWithBlankIsRefused() {
        assertThatThrownBy(() -> new Request("GET", "/a b", List.of(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void repeatDiffersInItsRouteOnly() {
        RequestRecord repeat = Samples.REQUEST.withRoute(ReplyRoute.NOBODY);

        assertThat(repeat).usingRecursiveComparison().ignoringFields("route").isEqualTo(Samples.REQUEST);
        assertThat(repeat.route()).isEqualTo(ReplyRoute.NOBODY);
    }
}

package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HopByHopTest {

    @Test
    void fieldsThatEndAtTheNextHopAreLeftOut() {
        List<Header> kept = HopByHop.strip(
                headers("Connection", "TE", "Trailer", "transfer-encoding", "Upgrade", "KEEP-ALIVE", "ETag"),
                name -> false);

        assertThat(kept).extracting(Header::name).containsExactly("ETag");
    }

    @Test
    void fieldsNamedByConnectionAreLeftOut() {
        List<Header> kept = HopByHop.strip(
                List.of(
                        new Header("X-Hop", "1"),
                        new Header("Connection", "close, x-hop ,X-Other"),
                        new Header("x-other", "2"),
                        new Header("X-Stays", "3")),
                name -> false);

        assertThat(kept).containsExactly(new Header("X-Stays", "3"));
    }

    @Test
    void orderAndRepeatsAreKept() {
        List<Header> headers = List.of(new Header("Cookie", "a"), new Header("B", "1"), new Header("cookie", "b"));

        assertThat(HopByHop.strip(headers, name -> false)).isEqualTo(headers);
    }

    @Test
    void furtherFieldsAreLeftOutByTheirLowerCaseName() {
        assertThat(HopByHop.strip(headers("Hermes-Position", "Accept"), name -> name.startsWith("hermes-")))
                .extracting(Header::name)
                .containsExactly("Accept");
    }

    private static List<Header> headers(String... names) {
        return List.of(names).stream().map(name -> new Header(name, "v")).toList();
    }
}

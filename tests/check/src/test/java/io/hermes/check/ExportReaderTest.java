package io.hermes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportReaderTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void everythingThatTheAppIsToldComesFromTheFile() throws IOException {
        List<AppCall> calls = read("{\"position\":12,\"kind\":\"request\",\"id\":\"order-7\",\"principal\":\"p\","
                + "\"method\":\"POST\",\"target\":\"/insert?x=%2F\",\"headers\":[[\"Host\",\"shop\"],[\"X-A\",\"caf\u00e9\"]],"
                + "\"body-base64\":\"/wA=\",\"seed\":\"18446744073709551615\",\"logTimeMillis\":4711}");

        AppCall call = calls.get(0);
        assertThat(calls).hasSize(1);
        assertThat(call.position()).isEqualTo(12);
        assertThat(call.timeMillis()).isEqualTo(4_711);
        assertThat(call.record().seed()).isEqualTo(-1);
        assertThat(call.record().identity().id().text()).isEqualTo("order-7");
        assertThat(call.record().request().target()).isEqualTo("/insert?x=%2F");
        assertThat(call.record().request().headers())
                .containsExactly(new Header("Host", "shop"), new Header("X-A", "caf\u00e9"));
        assertThat(call.record().request().body()).containsExactly(0xff, 0);
    }

    @Test
    void repeatsCancelledAndGivenUpRequestsAreLeftOut() throws IOException {
        ExportReader reader = reader(
                request(1, "a", "/first"),
                request(3, "a", "/repeat"),
                "{\"position\":4,\"kind\":\"inquiry\",\"id\":\"b\",\"principal\":\"\",\"cancel\":true}",
                request(5, "b", "/cancelled"),
                request(7, "c", "/crashes"),
                "{\"position\":8,\"kind\":\"barrier\"}",
                request(9, "d", "/last"),
                "{\"position\":11,\"kind\":\"skip\",\"of\":7,\"reason\":\"it crashes\"}");

        assertThat(reader.read(100)).extracting(Calls::line).containsExactly("GET /first", "GET /last");
        assertThat(reader.leftOut()).isEqualTo(3);
    }

    @Test
    void logTimeNeverGoesBack() throws IOException {
        List<AppCall> calls = read(
                "{\"method\":\"GET\",\"target\":\"/\",\"logTimeMillis\":9}",
                "{\"method\":\"GET\",\"target\":\"/\",\"logTimeMillis\":7}");

        assertThat(calls).extracting(AppCall::timeMillis).containsExactly(9L, 9L);
    }

    @Test
    void methodAndTargetAreEnough() throws IOException {
        List<AppCall> calls = read(
                "{\"method\":\"POST\",\"target\":\"/a\",\"headers\":{\"X-A\":\"1\"},\"body\":\"x\"}",
                "",
                "{\"method\":\"GET\",\"target\":\"/b\"}");

        assertThat(calls).extracting(AppCall::position).containsExactly(1L, 2L);
        assertThat(calls.get(0).record().request().headers()).containsExactly(Calls.HOST, new Header("X-A", "1"));
        assertThat(new String(calls.get(0).record().request().body(), StandardCharsets.UTF_8))
                .isEqualTo("x");
        assertThat(calls.get(1).record().identity().id().text()).endsWith(".2");
    }

    @Test
    void onlySoManyAreRead() throws IOException {
        assertThat(reader(request(1, "a", "/1"), request(2, "b", "/2")).read(1)).hasSize(1);
    }

    @Test
    void mistakesNameTheLine() {
        assertThatThrownBy(() -> read(request(1, "a", "/1"), "{"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("JSON");
        assertThatThrownBy(() -> read("{\"method\":\"GET\"}"))
                .hasMessageContaining("line 1")
                .hasMessageContaining("target");
        assertThatThrownBy(() -> read(request(2, "a", "/1"), request(1, "b", "/1")))
                .hasMessageContaining("line 2")
                .hasMessageContaining("position 1 after 2");
        assertThatThrownBy(() -> read("{\"kind\":\"barrier\"}")).hasMessageContaining("holds no request");
    }

    private static String request(long position, String id, String target) {
        return "{\"position\":" + position + ",\"kind\":\"request\",\"id\":\"" + id
                + "\",\"principal\":\"\",\"method\":\"GET\",\"target\":\"" + target + "\"}";
    }

    private List<AppCall> read(String... lines) throws IOException {
        return reader(lines).read(Integer.MAX_VALUE);
    }

    private ExportReader reader(String... lines) throws IOException {
        return new ExportReader(Files.write(temp.resolve("requests.jsonl"), List.of(lines)));
    }
}

package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KvServiceTest {

    private Running server;

    @BeforeEach
    void start() throws IOException {
        server = new Running(new KvService(new AppliedPosition()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void valueIsCreatedReplacedAndDeleted() throws IOException {
        assertThat(server.status("PUT", "/kv/a", "1")).isEqualTo(201);
        assertThat(server.status("PUT", "/kv/a", "2")).isEqualTo(204);
        assertThat(server.body("GET", "/kv/a", "")).isEqualTo("2");
        assertThat(server.status("DELETE", "/kv/a", "")).isEqualTo(204);
        assertThat(server.status("GET", "/kv/a", "")).isEqualTo(404);
    }

    @Test
    void unchangedValueIsNotSentAgain() throws IOException {
        server.status("PUT", "/kv/a", "1");
        String answer = server.exchange("GET /kv/a HTTP/1.1\nConnection: close\n\n");
        String tag = answer.lines()
                .filter(line -> line.startsWith("ETag: "))
                .findFirst()
                .orElseThrow()
                .substring(6);

        assertThat(server.exchange("GET /kv/a HTTP/1.1\nIf-None-Match: " + tag + "\nConnection: close\n\n"))
                .startsWith("HTTP/1.1 304");
    }

    @Test
    void appendTellsTheLength() throws IOException {
        server.body("POST", "/kv/a/append", "12");

        assertThat(server.body("POST", "/kv/a/append", "345")).isEqualTo("5");
        assertThat(server.body("GET", "/kv/a", "")).isEqualTo("12345");
    }

    @Test
    void countersCount() throws IOException {
        server.body("POST", "/counter/c/increment", "");
        server.body("POST", "/counter/c/add", "41");

        assertThat(server.body("GET", "/counter/c", "")).isEqualTo("42");
        assertThat(server.status("POST", "/counter/c/add", "many")).isEqualTo(400);
    }

    @Test
    void digestTellsStatesApart() throws IOException {
        server.status("PUT", "/kv/a", "1");
        String one = server.body("GET", "/digest", "");

        server.status("PUT", "/kv/a", "2");

        assertThat(server.body("GET", "/digest", "")).isNotEqualTo(one);
        server.status("PUT", "/kv/a", "1");
        assertThat(server.body("GET", "/digest", "")).isEqualTo(one);
    }
}

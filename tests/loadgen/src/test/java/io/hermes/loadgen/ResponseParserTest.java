package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {

    private final ResponseParser parser = new ResponseParser();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwritten",
                "HTTP/1.1 200 OK\r\ncontent-LENGTH:7\r\n\r\nwritten",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwri\r\n4;x=y\r\ntten\r\n0\r\nTrailer: 1\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx"
            })
    void endIsFoundHoweverTheBytesCome(String response) throws MalformedResponseException {
        byte[] bytes = (response + "HTTP").getBytes(StandardCharsets.ISO_8859_1);

        for (int piece = 1; piece <= bytes.length; piece++) {
            assertThat(feedInPieces(bytes, piece)).isEqualTo(response.length());
            assertThat(parser.keepsConnection()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx"
            })
    void connectionThatTheServerEndsIsNotKept(String response) throws MalformedResponseException {
        feedInPieces(response.getBytes(StandardCharsets.ISO_8859_1), 1000);

        assertThat(parser.keepsConnection()).isFalse();
    }

    @Test
    void bodyWithoutLengthEndsByClosing() throws MalformedResponseException {
        feedInPieces("HTTP/1.0 200 OK\r\n\r\n\"a line\"".getBytes(StandardCharsets.ISO_8859_1), 5);

        assertThat(parser.isDone()).isFalse();
        assertThat(parser.onClosed()).isTrue();
    }

    @Test
    void closingInTheMiddleEndsNothing() throws MalformedResponseException {
        feedInPieces("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".getBytes(StandardCharsets.ISO_8859_1), 1000);

        assertThat(parser.onClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 abc\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void nonsenseIsRefused(String response) {
        assertThatThrownBy(() -> feedInPieces(response.getBytes(StandardCharsets.ISO_8859_1), 1000))
                .isInstanceOf(MalformedResponseException.class);
    }

    private int feedInPieces(byte[] bytes, int piece) throws MalformedResponseException {
        parser.reset();
        int at = 0;
        while (at < bytes.length && !parser.isDone()) {
            at = parser.feed(bytes, at, Math.min(at + piece, bytes.length));
        }
        return at;
    }
}

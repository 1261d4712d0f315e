package io.hermes.demo;

import java.nio.charset.StandardCharsets;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param fields further header fields, each ended by CR LF
 * @param body sent with its length
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are moved, not compared
record HttpAnswer(int status, String fields, byte[] body) {

    static HttpAnswer of(int status, String fields, String text) {
        return new HttpAnswer(status, fields, text.getBytes(StandardCharsets.UTF_8));
    }

    String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 431 -> "Request Header Fields Too Large";
            default -> "Other";
        };
    }

    boolean hasBody() {
        return status != 204 && status != 304;
    }
}

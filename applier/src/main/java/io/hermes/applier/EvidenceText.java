package io.hermes.applier;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.WindowDetailRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** The answers of replicas to one request, as a JSON object for people (RFC 8259). */
final class EvidenceText {

    private final StringBuilder text = new StringBuilder();

    EvidenceText(long window, WindowDetailRecord.Told request, Map<String, WindowDetailRecord.Told> told) {
        text.append("{\n  \"window\": ").append(window);
        text.append(",\n  \"position\": ").append(request.position());
        text.append(",\n  \"request\": ").append(quoted(request.method() + " " + request.target()));
        text.append(",\n  \"answers\": [");
        String separator = "\n";
        for (Map.Entry<String, WindowDetailRecord.Told> one : told.entrySet()) {
            text.append(separator);
            answer(one.getKey(), one.getValue());
            separator = ",\n";
        }
        text.append("\n  ]\n}\n");
    }

    private void answer(String replica, WindowDetailRecord.Told told) {
        text.append("    {\n      \"replica\": ").append(quoted(replica));
        Answer answer = told.answer();
        if (answer == null) {
            text.append(",\n      \"kept\": false");
        } else {
            text.append(",\n      \"status\": ").append(answer.status());
            text.append(",\n      \"headers\": ").append(headers(answer));
            text.append(",\n      \"bodyBytes\": ").append(told.bodyBytes());
            text.append(",\n      ").append(body(answer.body()));
        }
        text.append("\n    }");
    }

    private static String headers(Answer answer) {
        return answer.headers().stream().map(EvidenceText::header).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String header(Header header) {
        return quoted(header.name() + ": " + header.value());
    }

    private static String body(byte[] body) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return "\"body\": " + quoted(decoded);
        } catch (CharacterCodingException e) {
            return "\"bodyBase64\": " + quoted(Base64.getEncoder().encodeToString(body));
        }
    }

    private static String quoted(String raw) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(raw)) + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;

/** A client that asks what became of a request: whatever it was, it is told as JSON with status 200. */
final class InquiryClient implements Client {

    private final JettyClient client;

    InquiryClient(JettyClient client) {
        this.client = client;
    }

    @Override
    public void reply(RequestId id, Reply reply, String replica) {
        String json = reply.outcome()
                .match(answer -> applied(id, reply.position(), answer(answer)), told -> switch (told) {
                    case ANSWER_NOT_KEPT, MISSING_HERE -> applied(id, reply.position(), "null");
                    case CANCELLED -> state(id, "cancelled", ",\"position\":" + reply.position());
                    case NOT_APPLIED -> state(id, "not-applied", "");
                    case FORGOTTEN, DIFFERENT_REQUEST, BARRIER_PASSED -> state(id, "unknown", "");
                });
        client.json(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void read(Answer answer, long position, String replica, ReadLevel level) {
        throw new IllegalStateException("an inquiry goes through the log");
    }

    /** What was asked was not ordered, or not answered: about the request itself that says nothing. */
    @Override
    public void problem(Problem problem) {
        if (problem.type().equals("answer-not-kept")) {
            RequestId id = problem.id();
            if (id != null) {
                client.json(applied(id, problem.position(), "null").getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        client.problem(problem);
    }

    private static String applied(RequestId id, long position, String answer) {
        return state(id, "applied", ",\"position\":" + position + ",\"answer\":" + answer);
    }

    private static String state(RequestId id, String state, String more) {
        return "{\"request-id\":\"" + Problem.escape(id.text()) + "\",\"state\":\"" + state + "\"" + more + "}\n";
    }

    private static String answer(Answer answer) {
        String headers =
                answer.headers().stream().map(InquiryClient::header).collect(Collectors.joining(",", "[", "]"));
        return "{\"status\":" + answer.status() + ",\"headers\":" + headers + ",\"body-base64\":\""
                + Base64.getEncoder().encodeToString(answer.body()) + "\"}";
    }

    private static String header(Header header) {
        return "[\"" + Problem.escape(header.name()) + "\",\"" + Problem.escape(header.value()) + "\"]";
    }
}

package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.proto.CorrelationId;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How requests are named, by their clients or by the ingress, and what is told of them by that name. */
@Timeout(60)
class RequestIdsTest extends IngressFixture {

    @Test
    void keyNamesTheRequestWithinItsPrincipal() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        HttpResponse<String> mine = send(keyed("\"order 7\"", "body").header("Authorization", "Basic bWU6eA=="));
        send(keyed("order 7", "body").header("Authorization", "Basic bWU6eA=="));
        send(keyed("order 7", "body"));

        List<RequestId> ids = replica.requests().stream()
                .map(record -> record.identity().id())
                .toList();
        assertThat(mine.headers().firstValue("Hermes-Request-Id")).contains("order 7");
        assertThat(ids.get(0)).isEqualTo(ids.get(1));
        assertThat(ids.get(2)).isEqualTo(new RequestId.Key("", "order 7")).isNotEqualTo(ids.get(0));
    }

    @Test
    void badKeyIsRefusedBeforeAnythingIsOrdered() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        assertThat(send(keyed("", "body")).statusCode()).isEqualTo(400);
        assertThat(send(keyed("x".repeat(256), "body")).statusCode()).isEqualTo(400);
        assertThat(send(keyed("one", "body").header("Idempotency-Key", "two")).body())
                .contains("more than one Idempotency-Key");
        assertThat(replica.requests()).isEmpty();
    }

    @Test
    void whatAReplicaToldBecomesTheRightProblem() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        Map<ReplyOutcome.Told, Integer> statuses = Map.of(
                ReplyOutcome.Told.DIFFERENT_REQUEST, 422,
                ReplyOutcome.Told.ANSWER_NOT_KEPT, 409,
                ReplyOutcome.Told.CANCELLED, 409,
                ReplyOutcome.Told.NOT_APPLIED, 504,
                ReplyOutcome.Told.FORGOTTEN, 504);

        for (Map.Entry<ReplyOutcome.Told, Integer> each : statuses.entrySet()) {
            replica.tells(each.getKey());

            HttpResponse<String> response = send(keyed("k", "body"));

            assertThat(response.statusCode()).as("%s", each.getKey()).isEqualTo(each.getValue());
            assertThat(response.headers().firstValue("Hermes-Request-Id")).contains("k");
        }
    }

    @Test
    void idOfAnUnknownOutcomeIsToldToTheReplicasBeforeItIsReleased() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        replica.toSilent();

        post("never answered");

        await().atMost(Duration.ofSeconds(10)).until(() -> !replica.keeps().isEmpty());
        assertThat(replica.keeps().get(0).numbers()).containsExactly(1L);
    }

    @Test
    void idOfAnUnknownOutcomeMayBeSentAsAKey() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        String id = post("body").headers().firstValue("Hermes-Request-Id").orElseThrow();
        send(keyed(id, "body"));

        assertThat(replica.requests().get(1).identity().id())
                .isEqualTo(new RequestId.Made(new CorrelationId(new Incarnation(INCARNATION), 1)));
    }

    @Test
    void idThatIsYetToBeGivenIsRefused() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        String next = INCARNATION + ".41";

        HttpResponse<String> sent = send(keyed(next, "body"));
        HttpResponse<String> cancelled = send(HttpRequest.newBuilder(uri("/.well-known/hermes/requests/" + next))
                .DELETE());

        assertThat(sent.statusCode()).isEqualTo(400);
        assertThat(sent.body()).contains("no request this id yet");
        assertThat(cancelled.statusCode()).isEqualTo(400);
        assertThat(replica.delivered())
                .noneMatch(record -> record instanceof RequestRecord || record instanceof InquiryRecord);
    }

    @Test
    void whatBecameOfARequestIsToldAsJson() throws Exception {
        startReplica("replica-0");
        startReadyIngress(config());
        send(keyed("a/b c", "body"));

        HttpResponse<String> applied = send(HttpRequest.newBuilder(uri("/.well-known/hermes/requests/a%2Fb%20c")));

        assertThat(applied.statusCode()).isEqualTo(200);
        assertThat(applied.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(applied.body()).contains("\"request-id\":\"a/b c\"", "\"state\":\"applied\"", "\"status\":201");
    }

    @Test
    void cancellationIsOrdered() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        replica.tells(ReplyOutcome.Told.CANCELLED);

        HttpResponse<String> cancelled = send(
                HttpRequest.newBuilder(uri("/.well-known/hermes/requests/k")).DELETE());

        assertThat(cancelled.body()).contains("\"state\":\"cancelled\"");
        assertThat(replica.delivered())
                .filteredOn(InquiryRecord.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(InquiryRecord.class, inquiry -> assertThat(inquiry.cancel())
                        .isTrue());
    }

    @Test
    void nothingElseIsFoundBelowOurOwnPath() throws Exception {
        startReplica("replica-0");
        startReadyIngress(config());

        assertThat(send(HttpRequest.newBuilder(uri("/.well-known/hermes/nothing")))
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<String> posted = send(HttpRequest.newBuilder(uri("/.well-known/hermes/requests/k"))
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD, DELETE");
    }

    private HttpRequest.Builder keyed(String key, String body) {
        return HttpRequest.newBuilder(uri("/insert"))
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }
}

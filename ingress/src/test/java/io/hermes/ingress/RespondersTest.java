package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.proto.ReplyOutcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who answers a request: one replica at a time, and another one when that one does not. */
@Timeout(60)
class RespondersTest extends IngressFixture {

    @Test
    void replyArrivesOnceEvenIfItIsSentTwice() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        replica.replyTimes(2);
        startReadyIngress(config());

        assertThat(post("one").body()).isEqualTo("done by replica-0 one");
        assertThat(post("two").body()).isEqualTo("done by replica-0 two");
    }

    @Test
    void replicaThatTakesASnapshotIsNotTheResponder() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        replica.toSnapshot(true);

        await().until(() -> {
            int before = replica.requests().size();
            for (int i = 0; i < 8; i++) {
                post("r" + i);
            }
            return replica.requests().stream()
                    .skip(before)
                    .allMatch(record -> record.route().responder().equals("replica-1"));
        });
    }

    @Test
    void onlyReplicaAnswersThoughItTakesASnapshot() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        replica.toSnapshot(true);
        startReadyIngress(config());

        assertThat(post("hello").body()).isEqualTo("done by replica-0 hello");
    }

    @Test
    void respondersTakeTurnsBySlices() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();

        for (int i = 0; i < 8; i++) {
            post("r" + i);
        }

        List<String> responders = replica.requests().stream()
                .map(record -> record.route().responder())
                .toList();
        assertThat(responders.subList(responders.size() - 8, responders.size()))
                .containsOnly("replica-0", "replica-1")
                .containsSubsequence("replica-0", "replica-0")
                .containsSubsequence("replica-1", "replica-1");
    }

    @Test
    void anotherReplicaIsAskedWhenTheResponderIsSilent() throws Exception {
        ScriptedReplica silent = startReplica("replica-0");
        ScriptedReplica other = startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        silent.toSilent();

        for (int i = 0; i < 6; i++) {
            assertThat(post("r" + i).statusCode()).isEqualTo(201);
        }

        assertThat(other.questions()).isNotEmpty().allSatisfy(question -> {
            assertThat(question.route().responder()).isEqualTo("replica-1");
            assertThat(question.position()).isPositive();
        });
    }

    @Test
    void answerThatOneReplicaMissedIsAskedOfAnother() throws Exception {
        ScriptedReplica missing = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        missing.tells(ReplyOutcome.Told.MISSING_HERE);

        for (int i = 0; i < 6; i++) {
            HttpResponse<String> response = post("r" + i);
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.headers().firstValue("Hermes-Replica")).contains("replica-1");
        }
    }

    @Test
    void answerThatAllReplicasMissedIsNotKept() throws Exception {
        startReplica("replica-0").tells(ReplyOutcome.Told.MISSING_HERE);
        startReadyIngress(config());

        HttpResponse<String> response = post("nobody heard the answer");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("answer-not-kept");
    }

    private void awaitBothChosen() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> java.util.stream.Stream.of(post("a"), post("b"), post("c"), post("d"))
                                .map(response -> response.headers().firstValue("Hermes-Replica"))
                                .distinct()
                                .count()
                        == 2);
    }
}

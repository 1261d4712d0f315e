package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReplyCodecTest {

    @Test
    void batchComesBackAsItWas() throws UndecodableException {
        assertThat(ReplyCodec.decode(ReplyCodec.encode(Samples.BATCH)))
                .usingRecursiveComparison()
                .isEqualTo(Samples.BATCH);
    }

    @Test
    void strayBytesAreNoBatch() {
        assertThatThrownBy(() -> ReplyCodec.decode(new byte[] {1})).isInstanceOf(UndecodableException.class);
    }

    @Test
    void noticesComeBackAsTheyWere() throws UndecodableException {
        Notice replica =
                new Notice.OfReplica("replica-1", Samples.INCARNATION, ReplicaState.REPLAYING, 17, "app is starting");
        Notice ingress = new Notice.OfIngress("ingress-0", Samples.INCARNATION, true, "");

        assertThat(NoticeCodec.decode(NoticeCodec.encode(replica))).isEqualTo(replica);
        assertThat(NoticeCodec.decode(NoticeCodec.encode(ingress))).isEqualTo(ingress);
    }

    @Test
    void unknownReplicaStateIsNoNotice() {
        assertThatThrownBy(() -> NoticeCodec.decode(new byte[] {0x0a, 0x00})).isInstanceOf(UndecodableException.class);
    }
}

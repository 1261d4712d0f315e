package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.ReplyAddress;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadCodec;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.ReadOutcome;
import io.hermes.proto.ReadReply;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.Routes;
import io.hermes.proto.UndecodableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which reads that one barrier serves are asked of a replica together. Single-threaded: appends end when the test has them end. */
class ReadBatchesTest {

    /** Some position that the replica does not reach. */
    private static final long FAR = 1_000_000;

    private static final Routes ROUTES = Routes.parse(List.of("path=/line/{n} read-only=true level=barrier"));

    /** Notes what it is told. */
    private static final class Reader implements Client {
        private int answers;

        @Override
        public void reply(RequestId id, Reply reply, String replica) {
            throw new AssertionError("ordered");
        }

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {
            answers++;
        }

        @Override
        public void problem(Problem problem) {
            throw new AssertionError(new String(problem.json(), StandardCharsets.UTF_8));
        }
    }

    private long nanos;
    private final List<MemoryEvent> appends = new ArrayList<>();
    private final MemoryCluster cluster = new MemoryCluster("log", 1 << 20, this::happenUnlessAppend, () -> 1);
    private final MemoryLogBackend replica = new MemoryLogBackend(cluster);
    private final IngressCore core = new IngressCore(
            new MemoryLogBackend(cluster),
            IngressConfig.of("ingress-0", new Incarnation("ingress-0-1"), "127.0.0.1", 0),
            new SimpleMeterRegistry(),
            new Clocks(() -> 1, () -> nanos),
            () -> 1);
    private final Incarnation incarnation = new Incarnation("replica-0-1");
    private final List<ReadBatch> batches = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    @BeforeEach
    void startCore() {
        core.start();
        String address = replica.link()
                .listen(incarnation.value(), this::onReads)
                .address()
                .value();
        for (int times = 0; times < 2; times++) {
            Notice notice = new Notice.OfReplica(
                    "replica-0",
                    incarnation,
                    ReplicaState.SERVING,
                    0,
                    "",
                    1,
                    1,
                    0,
                    new Notice.Reads(address, 1, ROUTES),
                    Notice.Snapshots.NONE,
                    Notice.Divergence.NONE);
            replica.bulletin().publish(notice.key(), NoticeCodec.encode(notice));
            nanos += 1_000_000_000;
        }
        core.tick();
        // Something that changes state stands before the barriers.
        var unused = replica.log().append(new byte[] {1});
        endAppends();
        assertThat(core.status().reason()).isEmpty();
    }

    @AfterEach
    void close() {
        core.close();
        replica.close();
    }

    @Test
    void readWithAFarBoundOfItsOwnHoldsUpNoOther() {
        List<Reader> readers =
                readersOfOneBarrier(List.of(wish(0, new byte[0]), wish(FAR, new byte[0]), wish(0, new byte[0])));

        assertThat(readers).extracting(reader -> reader.answers).containsExactly(1, 0, 1);
        assertThat(batches).extracting(batch -> batch.reads().size()).containsExactlyInAnyOrder(2, 1);
    }

    @Test
    void smallReadsOfOneBarrierAreAskedTogether() {
        List<Reader> readers = readersOfOneBarrier(
                IntStream.range(0, 100).mapToObj(i -> wish(0, new byte[10])).toList());

        assertThat(readers).allMatch(reader -> reader.answers == 1);
        assertThat(batches).hasSize(1);
    }

    @Test
    void largeReadsOfOneBarrierAreAskedInPiecesThatTheLinkTakes() {
        List<Reader> readers = readersOfOneBarrier(IntStream.range(0, 20)
                .mapToObj(i -> wish(0, new byte[950 * 1024]))
                .toList());

        assertThat(readers).allMatch(reader -> reader.answers == 1);
        assertThat(batches).hasSize(20);
    }

    @Test
    void headersCountLikeBodies() {
        Request request = new Request("GET", "/line/1", List.of(new Header("X-Long", "x".repeat(10_000))), new byte[0]);

        readersOfOneBarrier(IntStream.range(0, 100)
                .mapToObj(i -> new Submission(request, null, "", ""))
                .toList());

        assertThat(lengths).hasSizeBetween(4, 8).allMatch(length -> length < 300_000);
    }

    /** Clients whose reads came while another one's barrier was under way, after they were asked of the replica. */
    private List<Reader> readersOfOneBarrier(List<Submission> submissions) {
        core.accept(wish(0, new byte[0]), new Reader());
        List<Reader> readers = new ArrayList<>();
        for (Submission submission : submissions) {
            Reader reader = new Reader();
            core.accept(submission, reader);
            readers.add(reader);
        }
        endAppends();
        assertThat(appends).as("the barrier of all the others").hasSize(1);
        batches.clear();
        lengths.clear();
        endAppends();
        return readers;
    }

    private static Submission wish(long minPosition, byte[] body) {
        return new Submission(
                new Request("GET", "/line/1", List.of(), body), null, "", "", new ReadWish(null, minPosition));
    }

    private void onReads(byte[] bytes) {
        try {
            ReadBatch batch = ReadCodec.decode(bytes);
            batches.add(batch);
            lengths.add(bytes.length);
            if (batch.minPosition() >= FAR) {
                return;
            }
            ReadOutcome answer = new ReadOutcome.Answered(new Answer(200, List.of(), new byte[0]));
            // Of reads that are asked ahead of their barrier it says that it has applied nothing, so that they soon are
            // no more.
            List<ReadReply> replies = batch.reads().stream()
                    .map(read -> new ReadReply(read.number(), batch.minPosition(), answer))
                    .toList();
            replica.replies()
                    .reply(
                            new ReplyAddress(batch.replyAddress()),
                            ReplyCodec.encode(new ReplyBatch("replica-0", incarnation, 0, List.of(), replies)));
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    private void happenUnlessAppend(MemoryEvent event) {
        if (event.kind() == MemoryEvent.Kind.APPEND) {
            appends.add(event);
        } else {
            event.happen();
        }
    }

    private void endAppends() {
        List<MemoryEvent> now = List.copyOf(appends);
        appends.clear();
        now.forEach(MemoryEvent::happen);
    }
}

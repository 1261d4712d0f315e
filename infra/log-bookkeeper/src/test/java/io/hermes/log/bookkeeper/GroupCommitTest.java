package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private final List<String> failures = new ArrayList<>();
    private final GroupCommit commit = new GroupCommit(10, () -> 0, failures::add);
    private final FakeWriteHandle ledger = new FakeWriteHandle();

    @Test
    void nextLedgerBeginsAfterWhatWasAcknowledged() {
        commit.writeTo(ledger.handle());
        append();
        RecordedAppend lost = append();

        ledger.answers.get(0).complete(0L);
        ledger.answers.get(1).completeExceptionally(new IllegalStateException("fenced"));

        assertThat(lost.ended()).isEqualTo("unknown: fenced");
        assertThat(commit.acknowledgedNext()).isEqualTo(11);
    }

    @Test
    void silenceAfterAFailureIsNotTakenForSuccess() {
        commit.writeTo(ledger.handle());
        List<String> seen = new ArrayList<>();
        commit.append(new RecordedAppend(
                how -> seen.add("idle=" + commit.hold().isDone() + " failed=" + commit.hasFailed())));

        ledger.answers.get(0).completeExceptionally(new IllegalStateException("fenced"));

        assertThat(seen).containsExactly("idle=true failed=true");
        assertThat(failures).containsExactly("fenced");
    }

    @Test
    void nothingIsTakenAfterAFailure() {
        commit.writeTo(ledger.handle());
        append();
        ledger.answers.get(0).completeExceptionally(new IllegalStateException("fenced"));

        assertThat(commit.append(new RecordedAppend())).isFalse();
    }

    @Test
    void answersThatComeAtOnceAreNotToldUnderTheLock() {
        commit.writeTo(ledger.handle());
        ledger.refusal = new IllegalStateException("closed");
        List<String> seen = new ArrayList<>();

        commit.append(new RecordedAppend(how -> seen.add(how + " locked=" + Thread.holdsLock(commit))));

        assertThat(seen).containsExactly("unknown: closed locked=false");
    }

    @Test
    void whatWaitedForALedgerThatIsClosedIsNotToldUnderTheLock() {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            commit.append(new RecordedAppend(how -> seen.add(how + " locked=" + Thread.holdsLock(commit))));
        }
        ledger.refusal = new IllegalStateException("closed");

        commit.writeTo(ledger.handle());

        assertThat(seen).hasSize(2).allMatch(how -> how.endsWith("closed locked=false"));
    }

    private RecordedAppend append() {
        RecordedAppend append = new RecordedAppend();
        assertThat(commit.append(append)).isTrue();
        return append;
    }
}

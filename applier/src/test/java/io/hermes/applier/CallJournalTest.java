package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallJournalTest {

    private static final int BOOT_BYTE = 20;

    @TempDir
    Path temp = Path.of("");

    @Test
    void notesAreThereForTheNextRunWithoutBeingForced() throws IOException {
        CallJournal journal = CallJournal.open(file());
        journal.onCall(7);
        journal.onAnswer(7);
        journal.onCall(9);

        CallJournal next = CallJournal.open(file());

        assertThat(next.calledThrough()).isEqualTo(9);
        assertThat(next.answeredThrough()).isEqualTo(7);
    }

    @Test
    void restartOfTheMachineLeavesItOpenHowFarTheAppIs() throws IOException {
        CallJournal journal = CallJournal.open(file());
        journal.onCall(7);
        journal.onAnswer(7);
        pretendAnotherBoot();

        try (CallJournal next = CallJournal.open(file())) {
            assertThat(next.isRebooted()).isTrue();
            assertThatThrownBy(() -> next.resolve(5, true)).hasMessageContaining("after position 7");
            next.resolve(5_000, true);
            assertThat(next.isRebooted()).isFalse();
            assertThat(next.answeredThrough()).isEqualTo(5_000);
        }
    }

    @Test
    void journalThatWasClosedBeforeTheMachineWasRestartedIsCertain() throws IOException {
        try (CallJournal journal = CallJournal.open(file())) {
            journal.onCall(7);
            journal.onAnswer(7);
        }
        pretendAnotherBoot();

        try (CallJournal next = CallJournal.open(file())) {
            assertThat(next.isRebooted()).isFalse();
            assertThat(next.calledThrough()).isEqualTo(next.answeredThrough()).isEqualTo(7);
        }
    }

    @Test
    void whatWasNotSentIsNotInDoubt() throws IOException {
        try (CallJournal journal = CallJournal.open(file())) {
            journal.onCall(7);
            journal.onNotSent();
            assertThat(journal.calledThrough()).isEqualTo(journal.answeredThrough());
        }
    }

    @Test
    void resolutionSettlesTheDoubtEitherWay() throws IOException {
        try (CallJournal journal = CallJournal.open(file())) {
            journal.onCall(7);
            journal.resolve(7, false);
            assertThat(journal.calledThrough()).isEqualTo(journal.answeredThrough());
            journal.onCall(7);
            journal.resolve(7, true);
            assertThat(journal.answeredThrough()).isEqualTo(7);
        }
    }

    @Test
    void thereIsNothingToResolveWithoutADoubt() throws IOException {
        try (CallJournal journal = CallJournal.open(file())) {
            assertThatThrownBy(() -> journal.resolve(7, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no request is in doubt");
        }
    }

    private void pretendAnotherBoot() throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        bytes[BOOT_BYTE] ^= 1;
        Files.write(file(), bytes);
    }

    private Path file() {
        return temp.resolve("calls");
    }
}

package io.hermes.applier;

import io.hermes.proto.Answer;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyOutcome.Told;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica says about one request, to whoever is waiting. */
final class RequestReply {

    private RequestReply() {}

    /** What is said of a request whose name was found in the table. */
    static Reply of(CorrelationId to, DuplicateTable.Entry entry) {
        if (entry.isCancelled()) {
            return new Reply(to, entry.position(), Told.CANCELLED);
        }
        if (entry.isMissing()) {
            return new Reply(to, entry.position(), Told.MISSING_HERE);
        }
        AppAnswer answer = entry.answer();
        ReplyOutcome outcome = answer == null || answer.answer() == null
                ? Told.ANSWER_NOT_KEPT
                : new ReplyOutcome.Answered(answer.answer());
        return new Reply(to, entry.position(), outcome, entry.isOfAnother(to));
    }

    /** What clients are told instead of the app's answer. */
    static AppAnswer skipped(long position, String reason) {
        String text = "The request at position " + position + " was given up by an operator: " + reason + "\n";
        return new AppAnswer(new Answer(
                502,
                List.of(new Header("Content-Type", "text/plain; charset=utf-8")),
                text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A request that the app was given: whoever waits gets the answer, also if it is too long to be remembered for others. */
    static final class Called {
        private final long position;
        private final DuplicateTable.@Nullable Entry entry;
        private @Nullable AppAnswer answer;

        Called(long position, DuplicateTable.@Nullable Entry entry) {
            this.position = position;
            this.entry = entry;
        }

        long position() {
            return position;
        }

        /** Null if the answer is remembered for nobody else. */
        DuplicateTable.@Nullable Entry entry() {
            return entry;
        }

        void onAnswer(AppAnswer given) {
            answer = given;
        }

        Reply reply(CorrelationId to) {
            Answer given = answer == null ? null : answer.answer();
            if (given != null) {
                return new Reply(to, position, new ReplyOutcome.Answered(given));
            }
            return entry == null ? new Reply(to, position, Told.ANSWER_NOT_KEPT) : RequestReply.of(to, entry);
        }
    }
}

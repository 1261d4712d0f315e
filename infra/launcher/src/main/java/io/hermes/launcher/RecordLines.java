package io.hermes.launcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hermes.log.LogRecord;
import io.hermes.proto.Answer;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.Header;
import io.hermes.proto.Identity;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Request;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.WindowDetailRecord;
import io.hermes.proto.WindowDigestRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * One record for people: its kind, a line about it, and everything it holds as JSON.
 *
 * @param kind one of {@link #KINDS}
 * @param line begins with the position
 * @param json one line
 * @param decides whether it takes part in what apps are given: a request, or what may keep one from them
 */
record RecordLines(String kind, String line, String json, boolean decides) {

    static final List<String> KINDS = List.of(
            "request",
            "ask-again",
            "barrier",
            "inquiry",
            "keep",
            "settings",
            "skip",
            "initial-state",
            "take-snapshot",
            "snapshot-taken",
            "window-digest",
            "window-detail",
            "close-window",
            "stray");

    static RecordLines of(LogRecord record) {
        long position = record.position().value();
        ObjectNode json = JsonLine.object().put("position", position);
        try {
            Telling telling = new Telling(json);
            RecordCodec.decode(record.bytes()).match(telling);
            return new RecordLines(
                    telling.kind,
                    position + "  " + telling.kind + "  " + telling.text,
                    JsonLine.of(json),
                    telling.decides);
        } catch (UndecodableException e) {
            String what = record.bytes().length + " bytes: " + e.getMessage();
            json.put("kind", "stray").put("reason", String.valueOf(e.getMessage()));
            json.put("bytes-base64", Base64.getEncoder().encodeToString(record.bytes()));
            return new RecordLines("stray", position + "  stray  " + what, JsonLine.of(json), false);
        }
    }

    private static final class Telling implements LogContent.Cases<Boolean> {

        private final ObjectNode json;
        private String kind = "";
        private String text = "";
        private boolean decides;

        Telling(ObjectNode json) {
            this.json = json;
        }

        @Override
        public Boolean request(RequestRecord record) {
            Request request = record.request();
            identity("request", record.identity());
            decides = true;
            json.put("method", request.method()).put("target", request.target());
            ArrayNode headers = json.putArray("headers");
            for (Header header : request.headers()) {
                headers.addArray().add(header.name()).add(header.value());
            }
            body(request.body());
            json.put("seed", Long.toUnsignedString(record.seed()))
                    .put("seenThrough", record.seenThrough())
                    .put("lowestUnfinished", record.lowestUnfinished());
            return told(
                    record.logTimeMillis(),
                    request.method() + " " + request.target() + "  " + request.body().length + " B  "
                            + name(record.identity()) + "  to " + record.route().responder());
        }

        @Override
        public Boolean askAgain(AskAgainRecord record) {
            identity("ask-again", record.identity());
            json.put("of", record.position()).put("responder", record.route().responder());
            text = "for position " + record.position() + "  " + name(record.identity()) + "  to "
                    + record.route().responder();
            return true;
        }

        @Override
        public Boolean barrier(BarrierRecord record) {
            kind = "barrier";
            json.put("kind", kind).put("by", record.id().toString());
            return told(record.logTimeMillis(), "by " + record.id().incarnation());
        }

        @Override
        public Boolean inquiry(InquiryRecord record) {
            identity("inquiry", record.identity());
            decides = record.cancel();
            json.put("cancel", record.cancel());
            return told(record.logTimeMillis(), (record.cancel() ? "cancels " : "about ") + name(record.identity()));
        }

        @Override
        public Boolean keep(KeepRecord record) {
            kind = "keep";
            json.put("kind", kind).put("incarnation", record.incarnation().value());
            record.numbers().forEach(json.putArray("numbers")::add);
            return told(record.logTimeMillis(), record.incarnation() + "  " + record.numbers());
        }

        @Override
        public Boolean settings(SettingsRecord record) {
            kind = "settings";
            Settings settings = record.settings();
            json.put("kind", kind)
                    .put("revision", settings.revision())
                    .put("featureLevel", settings.featureLevel())
                    .put("keysMax", settings.keysMax())
                    .put("keyRetention", settings.keyRetention().toString())
                    .put("requestsMax", settings.requestsMax())
                    .put("ingressRetention", settings.ingressRetention().toString())
                    .put("answerBytesMax", settings.answerBytesMax())
                    .put("window", settings.windows().ordinals());
            settings.windows().digestHeaders().forEach(json.putArray("digestHeaders")::add);
            settings.windows().replicas().forEach(json.putArray("replicas")::add);
            text = settings.toString();
            return true;
        }

        @Override
        public Boolean skip(SkipRecord record) {
            kind = "skip";
            decides = true;
            json.put("kind", kind).put("of", record.position()).put("reason", record.reason());
            text = "gives up position " + record.position() + ": " + record.reason();
            return true;
        }

        @Override
        public Boolean initialState(InitialStateRecord record) {
            kind = "initial-state";
            json.put("kind", kind).put("digest", record.digest());
            text = record.digest();
            return true;
        }

        @Override
        public Boolean takeSnapshot(TakeSnapshotRecord record) {
            kind = "take-snapshot";
            json.put("kind", kind).put("replica", record.replica());
            text = "asks " + record.replica();
            return true;
        }

        @Override
        public Boolean snapshotTaken(SnapshotTakenRecord record) {
            kind = "snapshot-taken";
            json.put("kind", kind)
                    .put("replica", record.replica())
                    .put("of", record.position())
                    .put("bytes", record.bytes())
                    .put("sha256", record.sha256())
                    .put("failure", record.failure());
            text = record.replica()
                    + (record.failure().isEmpty()
                            ? "  of position " + record.position() + "  " + record.bytes() + " B  " + record.sha256()
                            : "  none: " + record.failure());
            return true;
        }

        @Override
        public Boolean windowDigest(WindowDigestRecord record) {
            kind = "window-digest";
            json.put("kind", kind)
                    .put("replica", record.replica())
                    .put("appVersion", record.appVersion())
                    .put("incarnation", record.incarnation())
                    .put("window", record.window())
                    .put("digest", record.digest().toString())
                    .put("ordinals", record.ordinals())
                    .put("after", record.after())
                    .put("through", record.through())
                    .put("skipped", record.skipped());
            text = record.replica() + "  window " + record.window() + "  " + record.ordinals() + " requests through "
                    + record.through() + "  " + (record.digest().isKnown() ? record.digest() : "unknown");
            return true;
        }

        @Override
        public Boolean windowDetail(WindowDetailRecord record) {
            kind = "window-detail";
            json.put("kind", kind).put("replica", record.replica()).put("window", record.window());
            WindowDetailRecord.Told told = record.told();
            text = record.replica() + "  window " + record.window() + "  ";
            if (told == null) {
                json.put("entries-base64", Base64.getEncoder().encodeToString(record.entries()));
                text += "all entries";
            } else {
                Answer answer = told.answer();
                json.put("of", told.position()).put("method", told.method()).put("target", told.target());
                json.put("status", answer == null ? 0 : answer.status()).put("bodyBytes", told.bodyBytes());
                body(answer == null ? new byte[0] : answer.body());
                text += "its answer to " + told.method() + " " + told.target() + " at position " + told.position();
            }
            return true;
        }

        @Override
        public Boolean closeWindow(CloseWindowRecord record) {
            kind = "close-window";
            json.put("kind", kind).put("by", record.by());
            text = "by " + record.by();
            return true;
        }

        private void identity(String what, Identity identity) {
            kind = what;
            json.put("kind", what)
                    .put("id", identity.id().text())
                    .put("exchange", identity.correlation().toString())
                    .put("principal", identity.principal());
        }

        private Boolean told(long logTimeMillis, String what) {
            json.put("logTimeMillis", logTimeMillis);
            text = logTimeMillis > 0 ? what + "  " + Instant.ofEpochMilli(logTimeMillis) : what;
            return true;
        }

        private void body(byte[] body) {
            try {
                String decoded = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(body))
                        .toString();
                json.put("body", decoded);
            } catch (CharacterCodingException e) {
                json.put("body-base64", Base64.getEncoder().encodeToString(body));
            }
        }

        private static String name(Identity identity) {
            return identity.isNamed()
                    ? "key '" + identity.id().text() + "' in " + identity.correlation()
                    : identity.correlation().toString();
        }
    }
}

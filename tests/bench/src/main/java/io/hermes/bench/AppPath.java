package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;

/** A way to let the app execute one batch: over one connection, in order. */
interface AppPath extends AutoCloseable {

    /** Lets the app execute the calls in their order, and waits for all answers. */
    void apply(List<AppCall> calls, App.Answers answers) throws Exception;

    @Override
    void close() throws IOException;

    /** What a client that composes messages itself has to be given, besides host and length. */
    static void fields(AppCall call, BiConsumer<String, String> field) {
        for (Header header : call.record().request().headers()) {
            if (!header.isNamed("Host")) {
                field.accept(header.name(), header.value());
            }
        }
        field.accept("Hermes-Position", Long.toString(call.position()));
        field.accept("Hermes-Request-Id", call.record().identity().id().text());
        field.accept("Hermes-Time", Long.toString(call.timeMillis()));
        field.accept("Hermes-Seed", Long.toUnsignedString(call.record().seed()));
    }

    /** An answer without the field that says how long it is. */
    static AppAnswer answer(int status, List<Header> headers, byte[] body) {
        headers.removeIf(header -> header.isNamed("Content-Length"));
        return new AppAnswer(new Answer(status, headers, body));
    }
}

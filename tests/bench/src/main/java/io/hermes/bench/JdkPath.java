package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** The JDK's client. It does not pipeline: one request at a time. */
final class JdkPath implements AppPath {

    private final String origin;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    JdkPath(int port) {
        origin = "http://127.0.0.1:" + port;
    }

    @Override
    public void apply(List<AppCall> calls, App.Answers answers) throws IOException, InterruptedException {
        for (AppCall call : calls) {
            Request asked = call.record().request();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + asked.target()))
                    .method(asked.method(), HttpRequest.BodyPublishers.ofByteArray(asked.body()));
            AppPath.fields(call, request::header);
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            List<Header> headers = new ArrayList<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
            answers.onAnswer(call, AppPath.answer(response.statusCode(), headers, response.body()));
        }
    }

    @Override
    public void close() {
        // This version of the library ends its threads when nobody refers to the client any more.
    }
}

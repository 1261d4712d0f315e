package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;

/** Jetty's client. It does not pipeline: one request at a time. */
final class JettyPath implements AppPath {

    private final int port;
    private final HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(1));

    JettyPath(int port) throws Exception {
        this.port = port;
        client.setMaxConnectionsPerDestination(1);
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.start();
        client.getContentDecoderFactories().clear();
    }

    @Override
    public void apply(List<AppCall> calls, App.Answers answers) throws Exception {
        for (AppCall call : calls) {
            io.hermes.proto.Request asked = call.record().request();
            Request request = client.newRequest("127.0.0.1", port)
                    .method(asked.method())
                    .path(asked.target())
                    .headers(fields -> AppPath.fields(call, fields::put));
            // The type that its content would add is among the fields already.
            ContentResponse response = request.body(new BytesRequestContent("application/octet-stream", asked.body()))
                    .send();
            List<Header> headers = new ArrayList<>();
            response.getHeaders().forEach(field -> headers.add(new Header(field.getName(), field.getValue())));
            answers.onAnswer(call, AppPath.answer(response.getStatus(), headers, response.getContent()));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}

package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.impl.bootstrap.AsyncRequesterBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientEndpoint;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpCore 5, asynchronous, pipelined: requests executed on one endpoint before the first is answered. */
final class HttpCorePath implements AppPath {

    private static final Timeout TIMEOUT = Timeout.ofSeconds(10);

    private final HttpHost host;
    private final HttpAsyncRequester requester;
    private final AsyncClientEndpoint endpoint;

    HttpCorePath(int port) throws Exception {
        host = new HttpHost("http", "127.0.0.1", port);
        requester = AsyncRequesterBootstrap.bootstrap()
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setTcpNoDelay(true)
                        .build())
                .setHttpProcessor(HttpProcessorBuilder.create()
                        .addAll(RequestContent.INSTANCE, RequestTargetHost.INSTANCE)
                        .build())
                .create();
        requester.start();
        endpoint = requester.connect(host, TIMEOUT).get();
    }

    @Override
    public void apply(List<AppCall> calls, App.Answers answers) throws Exception {
        List<Future<Message<HttpResponse, byte[]>>> pending = new ArrayList<>(calls.size());
        for (AppCall call : calls) {
            pending.add(endpoint.execute(
                    new BasicRequestProducer(
                            request(call),
                            new BasicAsyncEntityProducer(call.record().request().body(), null)),
                    new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()),
                    null));
        }
        for (int i = 0; i < pending.size(); i++) {
            answers.onAnswer(calls.get(i), answer(pending.get(i).get()));
        }
    }

    @Override
    public void close() {
        endpoint.releaseAndDiscard();
        requester.close(CloseMode.IMMEDIATE);
    }

    private BasicHttpRequest request(AppCall call) {
        BasicHttpRequest request = new BasicHttpRequest(
                call.record().request().method(), host, call.record().request().target());
        AppPath.fields(call, request::addHeader);
        return request;
    }

    private static AppAnswer answer(Message<HttpResponse, byte[]> message) {
        List<Header> headers = new ArrayList<>();
        for (org.apache.hc.core5.http.Header header : message.getHead().getHeaders()) {
            headers.add(new Header(header.getName(), header.getValue()));
        }
        return AppPath.answer(message.getHead().getCode(), headers, message.getBody());
    }
}

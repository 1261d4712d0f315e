package io.hermes.ingress;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes connections that bound the number of header fields. Jetty bounds their bytes only, and a field of four bytes takes a hundred in memory:
 * a header within that bound would cost half a megabyte.
 */
final class CountingConnectionFactory extends HttpConnectionFactory {

    /** In header and trailers of one request. */
    static final int FIELDS_MAX = 200;

    CountingConnectionFactory(HttpConfiguration http) {
        super(http);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new Counting(getHttpConfiguration(), connector, endPoint), connector, endPoint);
    }

    private static final class Counting extends HttpConnection {

        Counting(HttpConfiguration http, Connector connector, EndPoint endPoint) {
            super(http, connector, endPoint);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new CountingHandler();
        }

        private final class CountingHandler extends RequestHandler {

            // Owned by the thread that reads from the connection.
            private int fields;

            @Override
            public void messageBegin() {
                fields = 0;
                super.messageBegin();
            }

            @Override
            public void parsedHeader(HttpField field) {
                count();
                super.parsedHeader(field);
            }

            @Override
            public void parsedTrailer(HttpField field) {
                count();
                super.parsedTrailer(field);
            }

            private void count() {
                fields++;
                if (fields > FIELDS_MAX) {
                    throw new HttpException.RuntimeException(
                            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "more than " + FIELDS_MAX + " fields");
                }
            }
        }
    }
}

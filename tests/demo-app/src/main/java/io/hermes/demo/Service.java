package io.hermes.demo;

import java.io.IOException;

/** What a sample service does with requests. Called by one thread. */
interface Service extends AutoCloseable {

    /** Executes one request. Its effect need not be on disk before {@link #settle}. */
    HttpAnswer execute(HttpRequest request) throws IOException;

    /** Everything executed so far is made to last; its answers leave afterwards. */
    void settle() throws IOException;

    /** Ends the service. */
    @Override
    void close() throws IOException;
}

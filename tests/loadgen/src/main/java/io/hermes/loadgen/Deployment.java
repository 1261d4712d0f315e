package io.hermes.loadgen;

import java.util.List;

/** Something that runs and can be put under load. */
interface Deployment extends AutoCloseable {

    Target target();

    /** Its processes on this machine, if it has any that can be seen. */
    List<CpuGroup> cpu();

    /** Between two points: may start anew what has grown too large. */
    void refresh();

    /** Whether its replicas are identical, after the last point. */
    Verdict check();

    /** Ends what is ours, in bounded time. */
    @Override
    void close();
}

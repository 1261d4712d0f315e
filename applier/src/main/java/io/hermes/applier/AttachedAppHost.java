package io.hermes.applier;

/** For an app that somebody else starts, and starts anew: nothing is begun or ended here, only connected to. */
public final class AttachedAppHost implements AppHost {

    @Override
    public void begin() {
        // Whoever runs the app has begun it.
    }

    /** Nobody tells; a connection that breaks does. */
    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public void close() {
        // Whoever runs the app ends it.
    }
}

package io.hermes.applier;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts an app whose every incarnation begins with nothing: whatever ran before is ended, its directory wiped, and the log
 * replayed into the new one. So "was the last request applied?" never has to be asked.
 *
 * <p>Used by the loop's thread; {@link #close} may be called from another one after the loop has ended.
 */
public final class DisposableAppHost implements AppHost {

    private static final Logger LOG = LoggerFactory.getLogger(DisposableAppHost.class);

    private final AppConfig config;
    private final AppDirectory directory;
    private @Nullable AppProcess process;

    /**
     * Makes a host; nothing runs yet.
     *
     * @param config how the app is started
     */
    public DisposableAppHost(AppConfig config) {
        this.config = config;
        this.directory = new AppDirectory(config.directory());
    }

    /**
     * Makes and marks the app's directory, and ends an orphan of an earlier run. To be called once, before the first {@link
     * #begin}.
     *
     * @throws IOException if the directory cannot be made
     * @throws IllegalStateException if the directory holds files that Hermes did not make
     */
    public void claim() throws IOException {
        directory.claim();
        AppProcess.endOrphan(config.noteFile());
    }

    @Override
    public void begin() throws AppGoneException {
        end();
        try {
            directory.wipe();
            AppProcess started = AppProcess.start(
                    config.command(), directory.path(), directory.output(), directory.pidFile(), config.noteFile());
            process = started;
            LOG.info("app started with empty state command={}", config.command());
        } catch (IOException e) {
            throw new AppGoneException("the app cannot be started: " + e.getMessage());
        }
    }

    @Override
    public boolean isAlive() {
        AppProcess current = process;
        return current != null && current.isAlive();
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        AppProcess current = process;
        process = null;
        if (current != null) {
            current.end();
        }
    }
}

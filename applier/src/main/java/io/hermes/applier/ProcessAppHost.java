package io.hermes.applier;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts an app as a process beside the applier. Of a disposable app each incarnation begins in a directory that was wiped, or
 * holds a copy of the initial state; of any other app the directory is left alone.
 *
 * <p>Used by the loop's thread; {@link #close} may be called from another one after the loop has ended.
 */
public final class ProcessAppHost implements AppHost {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessAppHost.class);

    private static final Filling EMPTY = new Filling() {
        @Override
        public boolean replacesDirectory() {
            return false;
        }

        @Override
        public void fill() {
            // Nothing comes to what is there.
        }
    };

    private final AppConfig config;
    private final AppDirectory directory;
    private @Nullable AppProcess process;

    /**
     * Makes a host; nothing runs yet.
     *
     * @param config how the app is started
     */
    public ProcessAppHost(AppConfig config) {
        this.config = config;
        this.directory = new AppDirectory(config.directory());
    }

    /** Makes the app's directory, marks it if it is to be wiped, and ends an orphan of an earlier run. */
    @Override
    public void claim() throws IOException {
        if (config.kind() == AppKind.DISPOSABLE) {
            directory.claim();
        } else {
            directory.make();
        }
        AppProcess.endOrphan(config.noteFile());
    }

    @Override
    public void begin() throws AppGoneException {
        begin(EMPTY);
    }

    @Override
    public void begin(Filling filling) throws AppGoneException {
        end();
        try {
            if (config.kind() == AppKind.DISPOSABLE) {
                directory.wipe();
                InitialState initial = config.initialState();
                if (initial != null && !initial.isOfSnapshot() && !filling.replacesDirectory()) {
                    initial.copyTo(directory.path());
                }
                filling.fill();
            } else if (filling.replacesDirectory()) {
                // Asked before, but the app may have run until now.
                if (!directory.isEmpty()) {
                    throw new AppGoneException("the app's directory is no longer empty, its state stays");
                }
                directory.beginRestore();
                filling.fill();
            } else {
                directory.endUnfinishedRestore();
            }
            process = AppProcess.start(
                    config.command(), directory.path(), directory.output(), directory.pidFile(), config.noteFile());
            LOG.info("app started kind={} command={}", config.kind().text(), config.command());
        } catch (IOException e) {
            throw new AppGoneException("the app cannot be started: " + e.getMessage());
        }
    }

    @Override
    public void keepFilling() throws IOException {
        if (config.kind() != AppKind.DISPOSABLE) {
            directory.endRestore();
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

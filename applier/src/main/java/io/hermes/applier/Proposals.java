package io.hermes.applier;

import io.hermes.log.OrderedLog;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica has the log say because of its configuration, once it has read what the log says already. Owned by the loop's thread.
 */
final class Proposals {

    private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final OrderedLog log;
    private final ApplierConfig config;
    private final LongSupplier nanoClock;

    private long lastNanos;

    Proposals(OrderedLog log, ApplierConfig config, LongSupplier nanoClock) {
        this.log = log;
        this.config = config;
        this.nanoClock = nanoClock;
    }

    /** Another incarnation goes on: what it has to propose is proposed at once. */
    void begin() {
        lastNanos = nanoClock.getAsLong() - AGAIN.toNanos();
    }

    /** Whether the log does not say yet what apps begin with; no request may come before our own word about it. */
    boolean awaitsInitialState(History history) {
        if (config.initialState().isEmpty() || history.initialState() != null) {
            return false;
        }
        if (nanoClock.getAsLong() - lastNanos >= AGAIN.toNanos()) {
            lastNanos = nanoClock.getAsLong();
            append(new InitialStateRecord(config.initialState()));
        }
        return true;
    }

    /** Has the log take the settings over that are configured here, if they are later ones. */
    void proposeSettings(History history) {
        if (config.settings().revision() > history.settings().revision()) {
            LOG.info("proposing settings={}", config.settings());
            append(new SettingsRecord(config.settings()));
        } else if (history.settings().featureLevel() < config.settings().featureLevel()
                && config.settings().revision() == 0
                && !history.hasSeenRequest()) {
            // Nothing was applied by any older version yet.
            LOG.info("proposing windows={}", config.settings().windows());
            Settings proposed =
                    Settings.BEFORE_ANY_RECORD.withWindows(config.settings().windows());
            append(new SettingsRecord(proposed));
        }
    }

    private void append(LogContent content) {
        var unused = log.append(RecordCodec.encode(content));
    }
}

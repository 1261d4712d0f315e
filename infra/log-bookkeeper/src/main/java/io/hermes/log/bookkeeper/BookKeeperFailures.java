package io.hermes.log.bookkeeper;

import io.hermes.log.LogUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.bookkeeper.client.api.BKException;

/** Says what BookKeeper's exceptions mean. */
final class BookKeeperFailures {

    private BookKeeperFailures() {}

    static String text(Throwable e) {
        Throwable cause = unwrapped(e);
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Whether the ledger is not there, or no longer. */
    static boolean isNoSuchLedger(Throwable e) {
        return unwrapped(e) instanceof BKException failure
                && (failure.getCode() == BKException.Code.NoSuchLedgerExistsException
                        || failure.getCode() == BKException.Code.NoSuchLedgerExistsOnMetadataServerException);
    }

    /** Whether there are too few bookies to hold as many copies as were asked for. */
    static boolean isTooFewBookies(Throwable e) {
        return unwrapped(e) instanceof BKException failure
                && failure.getCode() == BKException.Code.NotEnoughBookiesException;
    }

    /**
     * Waits.
     *
     * @throws LogUnavailableException if it failed, or took longer
     */
    static <T> T await(String what, CompletableFuture<T> future, Duration max) {
        try {
            return future.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new LogUnavailableException(what + ": " + text(e), unwrapped(e));
        } catch (TimeoutException e) {
            throw new LogUnavailableException(what + ": no answer within " + max.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException(what + ": interrupted", e);
        }
    }

    private static Throwable unwrapped(Throwable e) {
        Throwable cause = e.getCause();
        return (e instanceof CompletionException || e instanceof ExecutionException) && cause != null
                ? unwrapped(cause)
                : e;
    }
}

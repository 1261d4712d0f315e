package io.hermes.applier;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How snapshots of one replica are taken, kept and used.
 *
 * @param store where they are kept; made if need be
 * @param via how the app's state gets into a file and back
 * @param folder with {@link Via#DIRECTORY}: which part of the app's directory; empty for all of it
 * @param http with {@link Via#HTTP}: paths at the app
 * @param command with {@link Via#COMMAND}: programs
 * @param keep how many are kept
 * @param due when the replica asks itself for the next one
 * @param timeout the longest that the app, or a command, may take
 * @param verifyEvery each snapshot kept is read again this often
 * @param trim whether this replica lets the log forget what no replica needs any more
 * @param appVersion of the service, for people
 */
public record SnapshotConfig(
        Path store,
        Via via,
        String folder,
        Http http,
        Command command,
        int keep,
        Due due,
        Duration timeout,
        Duration verifyEvery,
        boolean trim,
        String appVersion) {

    /** How an app's state gets into a file and back. */
    public enum Via {
        /** Not at all: there are no snapshots. */
        NONE,
        /** The app's files are copied while it has nothing to do. */
        DIRECTORY,
        /** The app gives its state in answer to a GET and takes it with a PUT. */
        HTTP,
        /** Programs do it. */
        COMMAND
    }

    /**
     * Paths at the app.
     *
     * @param take answers GET with the state
     * @param restore takes PUT with the state
     */
    public record Http(String take, String restore) {}

    /**
     * Programs and their arguments, run in the app's directory, with {@code {file}} replaced.
     *
     * @param take writes the state into the file while the app runs and has nothing to do
     * @param restore brings the state back from the file before the app is started
     */
    public record Command(List<String> take, List<String> restore) {

        /**
         * Copies the lists.
         *
         * @param take copied
         * @param restore copied
         */
        public Command {
            take = List.copyOf(take);
            restore = List.copyOf(restore);
        }
    }

    /**
     * When the next one is due: whichever comes first.
     *
     * @param records applied since the last one; 0 never
     * @param time since the last one, if anything was applied; zero never
     */
    public record Due(long records, Duration time) {

        /** Only when somebody asks. */
        public static final Due NEVER = new Due(0, Duration.ZERO);
    }

    /**
     * Checks the bounds.
     *
     * @param store not checked
     * @param via checked against the others
     * @param folder checked
     * @param http checked
     * @param command checked
     * @param keep checked
     * @param due checked
     * @param timeout checked
     * @param verifyEvery checked
     * @param trim not checked
     * @param appVersion not checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public SnapshotConfig {
        Path relative = Path.of(folder);
        require(
                !relative.isAbsolute() && !relative.normalize().startsWith(".."),
                "snapshot.directory is '" + folder + "', wanted a folder below app.directory");
        require(
                via != Via.HTTP
                        || (http.take().startsWith("/") && http.restore().startsWith("/")),
                "snapshot.via: http needs snapshot.http.take and snapshot.http.restore, both paths at the app");
        require(
                via != Via.COMMAND
                        || (!command.take().isEmpty() && !command.restore().isEmpty()),
                "snapshot.via: command needs snapshot.command.take and snapshot.command.restore");
        require(keep >= 1 && keep <= 100, "snapshot.keep is " + keep + ", wanted 1 to 100");
        require(due.records() >= 0 && !due.time().isNegative(), "snapshot.every is below nothing");
        require(!timeout.isZero() && !timeout.isNegative(), "snapshot.timeout is " + timeout + ", wanted more");
        require(
                !verifyEvery.isZero() && !verifyEvery.isNegative(),
                "snapshot.verify-every is " + verifyEvery + ", wanted more than nothing");
        require(!trim || keep >= 2, "snapshot.trim needs snapshot.keep of at least 2: one older snapshot must remain");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

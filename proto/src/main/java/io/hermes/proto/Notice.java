package io.hermes.proto;

import java.util.List;
import java.util.function.Function;

/** What a process tells about itself on the bulletin. Advisory. */
public sealed interface Notice {

    /**
     * Chooses by case, so that no case can be forgotten.
     *
     * @param <T> the result's type
     * @param replica for {@link OfReplica}
     * @param ingress for {@link OfIngress}
     * @return what the chosen function returned
     */
    <T> T match(Function<OfReplica, T> replica, Function<OfIngress, T> ingress);

    /**
     * The bulletin's key of this notice.
     *
     * @return unique among all processes of one service
     */
    String key();

    /**
     * How a replica takes reads that do not go through the log.
     *
     * @param address where it takes them; empty if it does not
     * @param settingsRevision of the settings in force there
     * @param routes of those settings: which requests may be read so
     */
    record Reads(String address, long settingsRevision, Routes routes) {

        /** Takes none. */
        public static final Reads NONE = new Reads("", 0, Routes.NONE);
    }

    /**
     * What a replica has kept of its state, each found whole lately.
     *
     * @param position the newest is of the state after it; 0 if there is none
     * @param olderPosition of the one before; 0 if there is none
     * @param bytes size of the newest
     * @param sha256 of the newest one's manifest, hexadecimal
     * @param address where others may ask for them; empty if they may not
     * @param featureLevel the highest that this replica knows; 0 if it did not say
     * @param underWay whether one is being taken or about to be: others answer sooner
     */
    record Snapshots(
            long position,
            long olderPosition,
            long bytes,
            String sha256,
            String address,
            int featureLevel,
            boolean underWay) {

        /** Keeps none. */
        public static final Snapshots NONE = new Snapshots(0, 0, 0, "", "", 0);

        /**
         * While none is being taken.
         *
         * @param position the newest is of the state after it; 0 if there is none
         * @param olderPosition of the one before; 0 if there is none
         * @param bytes size of the newest
         * @param sha256 of the newest one's manifest, hexadecimal
         * @param address where others may ask for them; empty if they may not
         * @param featureLevel the highest that this replica knows; 0 if it did not say
         */
        public Snapshots(
                long position, long olderPosition, long bytes, String sha256, String address, int featureLevel) {
            this(position, olderPosition, bytes, sha256, address, featureLevel, false);
        }
    }

    /**
     * How a replica sees the comparison of all.
     *
     * @param ordinals requests in a window; 0 if answers are not compared
     * @param equalBelow the last window in which all were equal, plus 1; 0 if there was none
     * @param alarm for people: how replicas differ; empty if they do not
     * @param replicas those that the settings list; empty if they list none
     */
    record Divergence(int ordinals, long equalBelow, String alarm, List<String> replicas) {

        /** Not compared. */
        public static final Divergence NONE = new Divergence(0, 0, "", List.of());

        /**
         * Copies the list.
         *
         * @param ordinals kept
         * @param equalBelow kept
         * @param alarm kept
         * @param replicas copied
         */
        public Divergence {
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * A replica, told by its applier.
     *
     * @param replica its name
     * @param incarnation the run of its applier
     * @param state how far it is
     * @param appliedThrough everything up to this position was applied
     * @param reason for people: what it waits for, or why it halted; empty if all is well
     * @param appIncarnations how many incarnations of the app this run of the applier has begun
     * @param clockMillis the applier's clock when it told this, milliseconds since 1970; 0 if it did not
     * @param logTimeMillis log time at the position
     * @param reads what somebody has to know who wants to read past the log
     * @param snapshots what it has kept of its state
     * @param divergence how it sees the comparison of all
     */
    record OfReplica(
            String replica,
            Incarnation incarnation,
            ReplicaState state,
            long appliedThrough,
            String reason,
            long appIncarnations,
            long clockMillis,
            long logTimeMillis,
            Reads reads,
            Snapshots snapshots,
            Divergence divergence)
            implements Notice {

        /**
         * A replica that tells no more than it has to.
         *
         * @param replica its name
         * @param incarnation the run of its applier
         * @param state how far it is
         * @param appliedThrough everything up to this position was applied
         * @param reason for people
         */
        public OfReplica(
                String replica, Incarnation incarnation, ReplicaState state, long appliedThrough, String reason) {
            this(
                    replica,
                    incarnation,
                    state,
                    appliedThrough,
                    reason,
                    0,
                    0,
                    0,
                    Reads.NONE,
                    Snapshots.NONE,
                    Divergence.NONE);
        }

        /**
         * A replica that keeps no snapshots and is not compared.
         *
         * @param replica its name
         * @param incarnation the run of its applier
         * @param state how far it is
         * @param appliedThrough everything up to this position was applied
         * @param reason for people
         * @param appIncarnations how many incarnations of the app this run of the applier has begun
         * @param clockMillis the applier's clock when it told this
         * @param logTimeMillis log time at the position
         * @param reads what somebody has to know who wants to read past the log
         */
        public OfReplica(
                String replica,
                Incarnation incarnation,
                ReplicaState state,
                long appliedThrough,
                String reason,
                long appIncarnations,
                long clockMillis,
                long logTimeMillis,
                Reads reads) {
            this(
                    replica,
                    incarnation,
                    state,
                    appliedThrough,
                    reason,
                    appIncarnations,
                    clockMillis,
                    logTimeMillis,
                    reads,
                    Snapshots.NONE,
                    Divergence.NONE);
        }

        /**
         * The same, as somebody heard later that it went on.
         *
         * @param position everything up to it was applied
         * @return a notice with that position
         */
        public OfReplica withAppliedThrough(long position) {
            return new OfReplica(
                    replica,
                    incarnation,
                    state,
                    position,
                    reason,
                    appIncarnations,
                    clockMillis,
                    logTimeMillis,
                    reads,
                    snapshots,
                    divergence);
        }

        @Override
        public <T> T match(Function<OfReplica, T> replica, Function<OfIngress, T> ingress) {
            return replica.apply(this);
        }

        @Override
        public String key() {
            return "replica/" + replica;
        }
    }

    /**
     * An ingress, told by itself.
     *
     * @param ingress its name
     * @param incarnation this run of it
     * @param ready whether it accepts requests
     * @param reason for people: why it does not; empty if all is well
     */
    record OfIngress(String ingress, Incarnation incarnation, boolean ready, String reason) implements Notice {
        @Override
        public <T> T match(Function<OfReplica, T> replica, Function<OfIngress, T> ingress) {
            return ingress.apply(this);
        }

        @Override
        public String key() {
            return "ingress/" + ingress;
        }
    }
}

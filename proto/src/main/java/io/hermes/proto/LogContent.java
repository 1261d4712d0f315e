package io.hermes.proto;

/** What one record of the log means. */
public sealed interface LogContent
        permits Routed,
                AskAgainRecord,
                BarrierRecord,
                KeepRecord,
                SettingsRecord,
                SkipRecord,
                InitialStateRecord,
                TakeSnapshotRecord,
                SnapshotTakenRecord,
                WindowDigestRecord,
                WindowDetailRecord,
                CloseWindowRecord {

    /**
     * What to do in each case, so that none can be forgotten.
     *
     * @param <T> the result's type
     */
    interface Cases<T> {

        /**
         * A client's request.
         *
         * @param record the record
         * @return the result
         */
        T request(RequestRecord record);

        /**
         * An ingress asks again for a reply.
         *
         * @param record the record
         * @return the result
         */
        T askAgain(AskAgainRecord record);

        /**
         * Proof that the log takes records.
         *
         * @param record the record
         * @return the result
         */
        T barrier(BarrierRecord record);

        /**
         * A client asks what became of a request.
         *
         * @param record the record
         * @return the result
         */
        T inquiry(InquiryRecord record);

        /**
         * Clients may come back for these requests.
         *
         * @param record the record
         * @return the result
         */
        T keep(KeepRecord record);

        /**
         * What decides state changes.
         *
         * @param record the record
         * @return the result
         */
        T settings(SettingsRecord record);

        /**
         * An operator gives a request up.
         *
         * @param record the record
         * @return the result
         */
        T skip(SkipRecord record);

        /**
         * What apps begin with.
         *
         * @param record the record
         * @return the result
         */
        T initialState(InitialStateRecord record);

        /**
         * A replica is asked for a snapshot.
         *
         * @param record the record
         * @return the result
         */
        T takeSnapshot(TakeSnapshotRecord record);

        /**
         * What became of that.
         *
         * @param record the record
         * @return the result
         */
        T snapshotTaken(SnapshotTakenRecord record);

        /**
         * What a replica answered in a window.
         *
         * @param record the record
         * @return the result
         */
        T windowDigest(WindowDigestRecord record);

        /**
         * What lies behind such a digest.
         *
         * @param record the record
         * @return the result
         */
        T windowDetail(WindowDetailRecord record);

        /**
         * An operator wants replicas compared.
         *
         * @param record the record
         * @return the result
         */
        T closeWindow(CloseWindowRecord record);
    }

    /**
     * Chooses by case.
     *
     * @param <T> the result's type
     * @param cases one of which is called
     * @return what it returned
     */
    <T> T match(Cases<T> cases);
}

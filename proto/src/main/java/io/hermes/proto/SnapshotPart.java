package io.hermes.proto;

/** What a snapshot consists of. */
public enum SnapshotPart {
    /** Says what the others are, with their sizes and digests. */
    MANIFEST,
    /** What the replica knows besides the app's state. */
    CHECKPOINT,
    /** The app's state. */
    APP
}

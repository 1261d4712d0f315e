package io.hermes.proto;

/**
 * What became of a {@link TakeSnapshotRecord}.
 *
 * @param replica who was asked
 * @param position the snapshot is of the state after it; 0 if none was taken
 * @param bytes its size
 * @param sha256 of its manifest, hexadecimal; empty if none was taken
 * @param failure for people: why none was taken; empty if one was
 */
public record SnapshotTakenRecord(String replica, long position, long bytes, String sha256, String failure)
        implements LogContent {

    /**
     * None was taken.
     *
     * @param replica who was asked
     * @param why for people
     * @return the record that says so
     */
    public static SnapshotTakenRecord failed(String replica, String why) {
        return new SnapshotTakenRecord(replica, 0, 0, "", why);
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.snapshotTaken(this);
    }
}

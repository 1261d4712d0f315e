package io.hermes.proto;

/**
 * One replica asks another for a piece of a snapshot.
 *
 * @param replyAddress where the piece goes
 * @param sha256 of the snapshot's manifest, hexadecimal
 * @param position the snapshot is of the state after it
 * @param part which part
 * @param offset of the first byte wanted
 * @param bytesMax the most bytes wanted
 */
public record SnapshotQuestion(
        String replyAddress, String sha256, long position, SnapshotPart part, long offset, int bytesMax) {

    /**
     * Checks the bounds.
     *
     * @param replyAddress not checked
     * @param sha256 not checked
     * @param position not checked
     * @param part not checked
     * @param offset checked
     * @param bytesMax checked
     * @throws IllegalArgumentException if nothing can be there
     */
    public SnapshotQuestion {
        if (offset < 0 || bytesMax < 1) {
            throw new IllegalArgumentException(bytesMax + " bytes from " + offset + " are none");
        }
    }
}

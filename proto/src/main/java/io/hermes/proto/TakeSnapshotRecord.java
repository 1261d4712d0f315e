package io.hermes.proto;

/**
 * Asks one replica for a snapshot of its state as soon as it has applied everything before this record.
 *
 * @param replica its name
 */
public record TakeSnapshotRecord(String replica) implements LogContent {

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.takeSnapshot(this);
    }
}

package io.hermes.proto;

/**
 * Changes what decides state.
 *
 * @param settings in force after this record, if their revision is higher than that of every earlier one
 */
public record SettingsRecord(Settings settings) implements LogContent {

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.settings(this);
    }
}

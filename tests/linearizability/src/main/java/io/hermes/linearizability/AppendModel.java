package io.hermes.linearizability;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A text that grows: what is appended is told the new length, what is read the whole text. */
public final class AppendModel implements Model<String, AppendModel.Input, String> {

    /**
     * What can be asked.
     *
     * @param appended what to append; null to read
     */
    public record Input(@Nullable String appended) {

        /**
         * Reads the text.
         *
         * @return to be told the whole text
         */
        public static Input read() {
            return new Input(null);
        }

        /**
         * Appends to the text.
         *
         * @param text not empty
         * @return to be told the length, in characters
         */
        public static Input append(String text) {
            return new Input(text);
        }

        @Override
        public String toString() {
            return appended == null ? "read" : "append " + appended;
        }
    }

    @Override
    public String initial() {
        return "";
    }

    @Override
    public Optional<String> step(String state, Input input, @Nullable String output) {
        String appended = input.appended();
        if (appended == null) {
            return output == null || output.equals(state) ? Optional.of(state) : Optional.empty();
        }
        String after = state + appended;
        return output == null || output.equals(Integer.toString(after.length()))
                ? Optional.of(after)
                : Optional.empty();
    }
}

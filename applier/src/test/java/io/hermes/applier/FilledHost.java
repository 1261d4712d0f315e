package io.hermes.applier;

import java.io.IOException;

/** The host of an app in this process, which is filled as soon as it was begun. */
interface FilledHost extends AppHost {

    @Override
    default void begin(Filling filling) throws AppGoneException {
        begin();
        try {
            filling.fill();
        } catch (IOException e) {
            throw new AppGoneException("not filled: " + e.getMessage());
        }
    }
}

package io.hermes.log.memory;

/** An event that has nobody to tell if it is lost. */
record Happening(Kind kind, Runnable effect) implements MemoryEvent {

    @Override
    public void happen() {
        effect.run();
    }
}

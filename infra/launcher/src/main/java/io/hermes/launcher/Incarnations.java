package io.hermes.launcher;

import io.hermes.proto.Incarnation;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Names the runs of processes. */
final class Incarnations {

    private static final int NAME_CHARACTERS_MAX = 40;

    private Incarnations() {}

    /** A name for this run that no other run has: the process's own name, for people, and 64 random bits. */
    static Incarnation begin(String name) {
        byte[] bits = new byte[8];
        new SecureRandom().nextBytes(bits);
        String readable = name.replaceAll("[^A-Za-z0-9-]", "-");
        String start = readable.length() > NAME_CHARACTERS_MAX ? readable.substring(0, NAME_CHARACTERS_MAX) : readable;
        return new Incarnation(start + "-" + HexFormat.of().formatHex(bits));
    }
}

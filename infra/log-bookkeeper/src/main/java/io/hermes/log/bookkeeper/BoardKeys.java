package io.hermes.log.bookkeeper;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How keys of the board and names of ZooKeeper's nodes stand for each other. */
final class BoardKeys {

    private static final int KEY_CHARS_MAX = 200;

    private BoardKeys() {}

    /** The name of a key's node. */
    static String nodeName(String key) {
        // ZooKeeper takes the names "." and ".." for paths.
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace(".", "%2E");
    }

    /** The key that a node stands for; null if it is none of ours. */
    static @Nullable String key(String nodeName) {
        try {
            String key = URLDecoder.decode(nodeName, StandardCharsets.UTF_8);
            return nodeName(key).equals(nodeName) ? key : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Takes what comes back from a node's name unchanged.
     *
     * @throws IllegalArgumentException otherwise
     */
    static void check(String key) {
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("a key has 1 to 200 characters, not " + key.length());
        }
        if (!key.equals(key(nodeName(key)))) {
            throw new IllegalArgumentException("a key is printable, not " + nodeName(key));
        }
    }
}

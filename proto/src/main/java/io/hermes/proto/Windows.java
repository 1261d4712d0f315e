package io.hermes.proto;

import java.util.List;
import java.util.Locale;

/**
 * How the answers of replicas are compared.
 *
 * @param ordinals requests in a window; 0 for no windows
 * @param digestHeaders header fields of answers that are compared, in lower case
 * @param replicas of which a strict majority has to agree before one is rebuilt; empty if they are not listed, then none is
 */
public record Windows(int ordinals, List<String> digestHeaders, List<String> replicas) {

    /** Answers are not compared. */
    public static final Windows NONE = new Windows(0, List.of(), List.of());

    /** The entries of a window have to fit one record. */
    private static final int ORDINALS_MAX = 8_192;

    private static final int NAMES_MAX = 64;

    /**
     * Copies the lists.
     *
     * @param ordinals 0 to 8,192
     * @param digestHeaders at most 64; put into lower case
     * @param replicas at most 64
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public Windows {
        if (ordinals < 0 || ordinals > ORDINALS_MAX) {
            throw new IllegalArgumentException("settings.window is " + ordinals + ", wanted 0 to " + ORDINALS_MAX);
        }
        if (digestHeaders.size() > NAMES_MAX || replicas.size() > NAMES_MAX) {
            throw new IllegalArgumentException("settings.digest-headers and settings.replicas have "
                    + digestHeaders.size() + " and " + replicas.size() + " names, wanted at most " + NAMES_MAX);
        }
        digestHeaders = digestHeaders.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        replicas = replicas.stream().distinct().toList();
    }

    /**
     * Whether answers are compared.
     *
     * @return whether there are windows
     */
    public boolean exist() {
        return ordinals > 0;
    }
}

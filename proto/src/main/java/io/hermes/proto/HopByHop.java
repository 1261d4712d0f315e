package io.hermes.proto;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which header fields end at the next hop and so never enter a record (RFC 9110 section 7.6.1; Keep-Alive and
 * Proxy-Connection from RFC 9112 appendix C.2.2, the Proxy- fields from RFC 9110 section 11.7).
 */
public final class HopByHop {

    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private HopByHop() {}

    /**
     * Leaves out what ends at this hop: the fields above and those that {@code Connection} names.
     *
     * @param headers as they came
     * @param alsoLeftOut further fields to leave out, told their names in lower case
     * @return the rest, in the same order
     */
    public static List<Header> strip(List<Header> headers, Predicate<String> alsoLeftOut) {
        Set<String> named = namedByConnection(headers);
        List<Header> kept = new ArrayList<>(headers.size() + 4);
        for (Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!ALWAYS.contains(name) && !named.contains(name) && !alsoLeftOut.test(name)) {
                kept.add(header);
            }
        }
        return kept;
    }

    private static Set<String> namedByConnection(List<Header> headers) {
        Set<String> named = Set.of();
        for (Header header : headers) {
            if (header.isNamed("Connection")) {
                for (String option : header.value().split(",", -1)) {
                    String name = option.strip().toLowerCase(Locale.ROOT);
                    if (!name.isEmpty() && !name.equals("close") && !name.equals("keep-alive")) {
                        if (named.isEmpty()) {
                            named = new HashSet<>();
                        }
                        named.add(name);
                    }
                }
            }
        }
        return named;
    }
}

package io.hermes.log.direct;

import io.hermes.log.ReplyAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an address of this bus says: {@code direct/HOST:PORT/KEY}.
 *
 * @param host of the ingress
 * @param port of the ingress
 * @param key of the inbox there
 */
record DirectAddress(String host, int port, long key) {

    private static final Pattern FORM = Pattern.compile("direct/([^/]{1,150}):([0-9]{1,5})/([0-9a-f]{16})");

    static Optional<DirectAddress> of(ReplyAddress address) {
        Matcher matcher = FORM.matcher(address.value());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(2));
        return port > 65_535
                ? Optional.empty()
                : Optional.of(new DirectAddress(matcher.group(1), port, Long.parseUnsignedLong(matcher.group(3), 16)));
    }

    ReplyAddress toReplyAddress() {
        return new ReplyAddress(String.format("direct/%s:%d/%016x", host, port, key));
    }
}

package io.hermes.launcher;

/** Writes one JSON value piece by piece (RFC 8259). */
final class Json {

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    Json open() {
        separate();
        text.append('{');
        first = true;
        return this;
    }

    Json close() {
        text.append('}');
        first = false;
        return this;
    }

    Json open(String key) {
        key(key);
        text.append('{');
        first = true;
        return this;
    }

    Json openList(String key) {
        key(key);
        text.append('[');
        first = true;
        return this;
    }

    Json openList() {
        separate();
        text.append('[');
        first = true;
        return this;
    }

    Json closeList() {
        text.append(']');
        first = false;
        return this;
    }

    Json put(String key, String value) {
        key(key);
        string(value);
        return this;
    }

    Json put(String key, long value) {
        key(key);
        text.append(value);
        return this;
    }

    Json put(String key, boolean value) {
        key(key);
        text.append(value);
        return this;
    }

    Json add(String value) {
        separate();
        string(value);
        return this;
    }

    Json add(long value) {
        separate();
        text.append(value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void key(String key) {
        separate();
        string(key);
        text.append(':');
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}

package io.hermes.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that somebody wrote on the command line.
 *
 * @param method upper case
 * @param target path and query
 * @param body empty for none
 */
record Example(String method, String target, String body) {

    /** What is sent if nobody says what the app understands. */
    static final Example ROOT = new Example("GET", "/", "");

    private static final Pattern FORM = Pattern.compile("\\s*([A-Za-z]+)\\s+(/[!-~]*)(?:\\s(.*))?", Pattern.DOTALL);

    /**
     * Reads one.
     *
     * @param text method, target, and optionally a body, with blanks between
     * @throws CheckException if it is none
     */
    static Example parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CheckException.usage("--example is '" + text
                    + "', wanted a method, a path and perhaps a body, e.g. 'POST /insert hello'");
        }
        String body = matcher.group(3);
        return new Example(
                matcher.group(1).toUpperCase(java.util.Locale.ROOT), matcher.group(2), body == null ? "" : body);
    }

    boolean isGet() {
        return method.equals("GET");
    }

    boolean isJson() {
        String start = body.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    boolean isForm() {
        return body.matches("[!-~&&[^=&]]+=[!-~]*");
    }

    /** What a client would say about the body; empty without one. */
    String contentType() {
        if (body.isEmpty()) {
            return "";
        }
        return isJson() ? "application/json" : isForm() ? "application/x-www-form-urlencoded" : "text/plain";
    }
}

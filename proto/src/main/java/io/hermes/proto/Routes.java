package io.hermes.proto;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The declared routes, in their order: the first one that fits a request counts. What could mean the same to an app and not to us
 * fits none, and is then ordered and executed alone: paths with empty parts, dots, semicolons, or slashes behind a per cent sign.
 *
 * <p>Immutable; any thread.
 */
public final class Routes {

    /** Nothing is declared. */
    public static final Routes NONE = new Routes(List.of());

    private static final int ROUTES_MAX = 100;
    private static final String REST = "**";

    private final List<Route> routes;
    private final List<String[]> templates;

    /**
     * Declares routes.
     *
     * @param routes the first one that fits counts
     * @throws IllegalArgumentException if there are more than 100
     */
    public Routes(List<Route> routes) {
        if (routes.size() > ROUTES_MAX) {
            throw new IllegalArgumentException(routes.size() + " routes, wanted at most " + ROUTES_MAX);
        }
        this.routes = List.copyOf(routes);
        this.templates = routes.stream().map(route -> split(route.path())).toList();
    }

    /**
     * Reads routes.
     *
     * @param texts as {@link Route#parse} reads them
     * @return the routes in this order
     * @throws IllegalArgumentException saying what was wanted
     */
    public static Routes parse(List<String> texts) {
        return texts.isEmpty()
                ? NONE
                : new Routes(texts.stream().map(Route::parse).toList());
    }

    /**
     * As {@link #parse} reads them.
     *
     * @return one text for each route
     */
    public List<String> texts() {
        return routes.stream().map(Route::text).toList();
    }

    /**
     * Whether nothing is declared.
     *
     * @return true if no request fits
     */
    public boolean isEmpty() {
        return routes.isEmpty();
    }

    /**
     * Whether a request may be executed by one replica alone.
     *
     * @param request any
     * @return true if its route is read-only
     */
    public boolean isReadOnly(Request request) {
        return match(request).isReadOnly();
    }

    /** What the routes say about one request. Immutable; any thread. */
    public static final class Match {

        private static final Match NONE = new Match(null, new String[0], new String[0]);

        private final @Nullable Route route;
        private final String[] template;
        private final String[] parts;

        private Match(@Nullable Route route, String[] template, String[] parts) {
            this.route = route;
            this.template = template;
            this.parts = parts;
        }

        /**
         * Whether the request may be executed by one replica alone.
         *
         * @return true if its route is read-only
         */
        public boolean isReadOnly() {
            return route != null && route.readOnly();
        }

        /**
         * What the request conflicts about: requests with different values may be executed side by side.
         *
         * @return name and value; null if it must be executed alone
         */
        public @Nullable String conflict() {
            if (route == null || route.conflict().isEmpty()) {
                return null;
            }
            String name = route.conflict();
            return name + "=" + parts[Arrays.asList(template).indexOf("{" + name + "}")];
        }
    }

    /**
     * Finds the route of a request, for whoever asks more than one thing about it.
     *
     * @param request any
     * @return says nothing if no route fits
     */
    public Match match(Request request) {
        String[] parts = routes.isEmpty() ? null : parts(request.target());
        int found = parts == null ? -1 : find(request.method(), parts);
        return parts == null || found < 0 ? Match.NONE : new Match(routes.get(found), templates.get(found), parts);
    }

    /**
     * The route of a request.
     *
     * @param request any
     * @return null if none fits
     */
    public @Nullable Route find(Request request) {
        return match(request).route;
    }

    /**
     * What a request conflicts about: requests with different values may be executed side by side.
     *
     * @param request any
     * @return name and value; null if it must be executed alone
     */
    public @Nullable String conflict(Request request) {
        return match(request).conflict();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Routes that && routes.equals(that.routes);
    }

    @Override
    public int hashCode() {
        return routes.hashCode();
    }

    @Override
    public String toString() {
        return texts().toString();
    }

    private int find(String method, String[] parts) {
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).isFor(method) && fits(templates.get(i), parts)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean fits(String[] template, String[] parts) {
        for (int i = 0; i < template.length; i++) {
            if (template[i].equals(REST) && i == template.length - 1) {
                return parts.length > i;
            }
            boolean any = template[i].startsWith("{") && template[i].endsWith("}");
            if (i >= parts.length || !(any || template[i].equals(parts[i]))) {
                return false;
            }
        }
        return parts.length == template.length;
    }

    private static String[] split(String path) {
        return path.substring(1).split("/", -1);
    }

    /** The parts of a target's path, decoded; null if an app might read it in another way. */
    private static String @Nullable [] parts(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!path.startsWith("/") || path.indexOf(';') >= 0 || path.indexOf('\\') >= 0 || path.indexOf('#') >= 0) {
            return null;
        }
        String[] parts = split(path);
        boolean isRoot = parts.length == 1 && parts[0].isEmpty();
        for (int i = 0; i < parts.length; i++) {
            String part = decoded(parts[i]);
            if (part == null || (part.isEmpty() && !isRoot) || part.equals(".") || part.equals("..")) {
                return null;
            }
            parts[i] = part;
        }
        return parts;
    }

    /** RFC 3986 section 2.1; null if it is malformed, or hides something that would separate parts. */
    private static @Nullable String decoded(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        StringBuilder text = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                int high = i + 2 < part.length() ? Character.digit(part.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(part.charAt(i + 2), 16);
                if (low < 0) {
                    return null;
                }
                c = (char) (high * 16 + low);
                i += 2;
            }
            if (c == '/' || c == '\\' || c == ';' || c == '%' || c == '?' || c == '#' || c < ' ') {
                return null;
            }
            text.append(c);
        }
        return text.toString();
    }
}

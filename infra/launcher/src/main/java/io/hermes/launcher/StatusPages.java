package io.hermes.launcher;

import io.hermes.applier.DivergenceStatus;
import io.hermes.applier.ReplicaStatus;
import io.hermes.ingress.IngressStatus;
import io.hermes.proto.Notice;

/** The status pages, as HTML without script or style sheet from elsewhere. */
final class StatusPages {

    private StatusPages() {}

    static String ofIngress(String name, IngressStatus status) {
        StringBuilder rows = new StringBuilder();
        for (Notice.OfReplica replica : status.replicas()) {
            rows.append("<tr><td>")
                    .append(escape(replica.replica()))
                    .append("</td><td class=\"")
                    .append(replica.state())
                    .append("\">")
                    .append(replica.state())
                    .append("</td><td class=number>")
                    .append(replica.appliedThrough())
                    .append("</td><td>")
                    .append(escape(
                            replica.reason().isEmpty() ? replica.divergence().alarm() : replica.reason()))
                    .append("</td></tr>\n");
        }
        return page(
                name,
                line("state", status.ready() ? "ready" : "not ready: " + status.reason())
                        + line("requests waiting", Integer.toString(status.pending()))
                        + line("position seen", Long.toString(status.seenThrough())),
                "<table><tr><th>replica</th><th>state</th><th>applied through</th><th></th></tr>\n" + rows
                        + "</table>");
    }

    static String ofReplica(String name, ReplicaStatus status) {
        return page(
                name,
                line("state", status.state() + (status.reason().isEmpty() ? "" : ": " + status.reason()))
                        + line("applied through", Long.toString(status.appliedThrough()))
                        + line(
                                "requests executed by this incarnation of the app",
                                Long.toString(status.appliedRequests()))
                        + line("incarnations of the app", Long.toString(status.incarnations()))
                        + line("answers of all replicas", divergence(status.divergence())),
                "");
    }

    private static String divergence(DivergenceStatus status) {
        if (status.ordinals() == 0) {
            return "not compared";
        }
        return status.alarm().isEmpty()
                ? "no difference known; equal in windows below " + status.equalBelow()
                : status.alarm();
    }

    private static String line(String what, String value) {
        return "<tr><th>" + escape(what) + "</th><td>" + escape(value) + "</td></tr>\n";
    }

    private static String page(String name, String lines, String more) {
        return "<!doctype html><html lang=en><head><meta charset=utf-8><meta http-equiv=refresh content=2>"
                + "<title>" + escape(name) + " – Hermes</title><style>"
                + "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:60rem}"
                + "table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.2rem .8rem;"
                + "border-bottom:1px solid #ccc}.number{text-align:right;font-variant-numeric:tabular-nums}"
                + ".SERVING{color:#17632b}.STARTING,.REPLAYING{color:#8a5a00}.HALTED,.QUARANTINED{color:#a01515}"
                + "</style></head><body><h1>" + escape(name) + "</h1><table>" + lines + "</table>" + more
                + "<p><a href=/metrics>metrics</a> · <a href=/readyz>readyz</a></p></body></html>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

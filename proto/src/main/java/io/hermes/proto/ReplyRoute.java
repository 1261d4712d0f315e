package io.hermes.proto;

/**
 * Where a reply goes and who sends it.
 *
 * @param address of the ingress's inbox; meaningful to the reply bus only
 * @param responder the name of the one replica that answers; empty asks nobody
 */
public record ReplyRoute(String address, String responder) {

    /** Nobody answers. */
    public static final ReplyRoute NOBODY = new ReplyRoute("", "");
}

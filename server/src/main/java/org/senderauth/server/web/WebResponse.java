package org.senderauth.server.web;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A response. The bytes are never changed.
 *
 * @param status the status code
 * @param type the media type
 * @param body the body
 * @param location where a redirect leads; null for other responses
 */
record WebResponse(
        int status, String type, byte[] body, @Nullable String location) {

    static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    static WebResponse html(int status, String page) {
        return new WebResponse(status, HTML, page.getBytes(StandardCharsets.UTF_8), null);
    }

    static WebResponse text(int status, String text) {
        return new WebResponse(status, TEXT, text.getBytes(StandardCharsets.UTF_8), null);
    }

    /** A redirect to one of our pages. */
    static WebResponse seeOther(String path) {
        return new WebResponse(303, TEXT, new byte[0], path);
    }
}

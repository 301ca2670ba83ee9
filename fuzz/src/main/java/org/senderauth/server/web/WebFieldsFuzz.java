package org.senderauth.server.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.senderauth.server.history.HistoryFilter;

/** Fields that a browser sends to the web pages, and texts of the history that they show. */
public final class WebFieldsFuzz {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final Access ACCESS = new Access(
            new WebSettings(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new SecretKeySpec("a token of the fuzz targets".getBytes(StandardCharsets.US_ASCII), "token"),
                    Set.of("mx.example.org"),
                    null),
            false,
            new SecureRandom());

    private WebFieldsFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        EvidenceTree.of(text.lines().toList());
        try {
            ReplyView.of(text);
        } catch (IllegalArgumentException expected) {
            // shown on the page
        }
        Map<String, String> fields = fields(text);
        try {
            // What is accepted is the same filter when it is sent on.
            HistoryFilter filter = HistoryFilter.of(fields, CLOCK);
            if (!HistoryFilter.of(filter.values(), CLOCK).values().equals(filter.values())) {
                throw new AssertionError("another filter after sending it on: " + filter.values());
            }
        } catch (IllegalArgumentException expected) {
            // shown on the page
        }
        try {
            ACCESS.user(name -> List.of(fields.getOrDefault(name, text)));
            ACCESS.checkOrigin(name -> List.of(fields.getOrDefault(name, text)));
            ACCESS.checkForm(Access.TOKEN_USER, text);
        } catch (Access.Rejected expected) {
            // the request is rejected
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split("[&\n]")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.putIfAbsent(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return fields;
    }
}

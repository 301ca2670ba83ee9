package org.senderauth.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.senderauth.dns.ZoneDnsClient;

/** The same queries for senderauth and for its peers: one zone, one client, three shapes of records. */
final class SpfScenarios {

    static final String CLIENT = "192.0.2.75";
    static final String HELO = "mail.example.net";

    /** TXT records by name; the one address record is below {@link #EXISTS_NAME}. */
    static final Map<String, String> TEXTS = texts();

    static final String EXISTS_NAME = "75.2.0.192.user._spf.macro.example";

    static final Map<String, String> SENDERS = Map.of(
            "direct", "user@direct.example",
            "chain", "user@chain.example",
            "macro", "user-tag@sub.macro.example");

    private SpfScenarios() {}

    static ZoneDnsClient zone() {
        StringBuilder master = new StringBuilder("$TTL 3600\n");
        TEXTS.forEach((name, text) -> master.append(name)
                .append(". TXT \"")
                .append(text.replaceAll("(.{200})", "$1\" \""))
                .append("\"\n"));
        master.append(EXISTS_NAME).append(". A 127.0.0.2\n");
        return ZoneDnsClient.builder().text(master.toString()).build();
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new java.util.TreeMap<>();
        texts.put("direct.example", "v=spf1 ip4:192.0.2.0/24 -all");
        texts.put(
                "chain.example",
                "v=spf1 include:i1.example include:i2.example include:i3.example include:i4.example -all");
        for (int include = 1; include <= 4; include++) {
            List<String> terms = new ArrayList<>();
            for (int network = 1; network <= 15; network++) {
                boolean match = include == 4 && network == 15;
                terms.add(match ? "ip4:192.0.2.64/28" : "ip4:10." + include + "." + network + ".0/24");
            }
            texts.put("i" + include + ".example", "v=spf1 " + String.join(" ", terms) + " ~all");
        }
        texts.put("sub.macro.example", "v=spf1 exists:%{ir}.%{l1r-}._spf.%{d2} -all");
        return texts;
    }
}

package org.senderauth.server;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Advice on an unknown setting: its new name, or the known name that it was probably meant to be. */
final class SettingNames {

    private static final int MAX_TYPOS = 2;

    /** Names before 1.0; not accepted any more. */
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("on-trouble", "on-tempfail"),
            Map.entry("recipients-at", "recipient-domains"),
            Map.entry("senders-at", "sender-domains"),
            Map.entry("refuse-softfail", "reject-softfail"),
            Map.entry("refuse-permerror", "reject-permerror"),
            Map.entry("trial", "reject-code: 450"),
            Map.entry("large-providers", "high-volume-domains"),
            Map.entry("private-hosts", "allow-private-addresses"),
            Map.entry("message-ids", "serial-file"),
            Map.entry("ses-without-redis", "ses-on-outage"),
            Map.entry("ses-dns", "dns"),
            Map.entry("ses-powerdns", "powerdns"));

    private SettingNames() {}

    static String advice(String unknown, List<String> known) {
        String now = RENAMED.get(unknown);
        // The name may be an old one of another section.
        if (now != null && known.contains(now.replaceFirst(":.*", ""))) {
            return "it is now \"" + now + "\"";
        }
        String lowered = unknown.toLowerCase(Locale.ROOT);
        Optional<String> near = known.stream()
                .filter(name -> typos(lowered, name) <= MAX_TYPOS)
                .min(Comparator.comparingInt(name -> typos(lowered, name)));
        return near.map(name -> "did you mean \"" + name + "\"? ").orElse("") + "known: " + String.join(", ", known);
    }

    /** The new form of an old value, for the end of a message; empty if there is none. */
    static String newValue(String key, String value) {
        if (value.equals("report")) {
            return "; it is now \"monitor\"";
        }
        return key.equals("ses-on-outage") && value.equals("count-here") ? "; it is now \"local\"" : "";
    }

    // Levenshtein distance; both names are short, since long ones differ in length alone by more than is looked for.
    private static int typos(String written, String known) {
        if (Math.abs(written.length() - known.length()) > MAX_TYPOS) {
            return MAX_TYPOS + 1;
        }
        int[] previous = new int[known.length() + 1];
        for (int j = 0; j < previous.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= written.length(); i++) {
            int[] current = new int[previous.length];
            current[0] = i;
            for (int j = 1; j < current.length; j++) {
                int change = written.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[known.length()];
    }
}

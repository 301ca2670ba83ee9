package org.senderauth.spf.zone;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.IpAddress;
import org.xbill.DNS.Name;

/** The client in the first labels of a name, as the macros <code>%{ir}.%{v}</code> write it (RFC 7208 section 7.3). */
final class ClientName {

    private static final String IP4 = "in-addr";
    private static final String IP6 = "ip6";
    private static final int BYTES = 4;
    private static final int NIBBLES = 32;
    private static final int NIBBLES_PER_GROUP = 4;
    private static final int MAX_BYTE = 255;
    private static final String HEX = "0123456789abcdef";

    private ClientName() {}

    /**
     * Returns the client of a name.
     *
     * @param labels the number of labels before the zone
     * @return the address; empty if the labels are not exactly that of a client
     */
    static Optional<IpAddress> read(Name name, int labels) {
        if (labels != BYTES + 1 && labels != NIBBLES + 1) {
            return Optional.empty();
        }
        String family = label(name, labels - 1);
        if (labels == BYTES + 1) {
            return family.equals(IP4) ? Optional.ofNullable(ip4(name)).flatMap(IpAddress::parse) : Optional.empty();
        }
        return family.equals(IP6) ? Optional.ofNullable(ip6(name)).flatMap(IpAddress::parse) : Optional.empty();
    }

    private static @Nullable String ip4(Name name) {
        StringBuilder text = new StringBuilder();
        for (int i = BYTES - 1; i >= 0; i--) {
            String part = label(name, i);
            if (!isByte(part)) {
                return null;
            }
            text.append(part).append(i == 0 ? "" : ".");
        }
        return text.toString();
    }

    private static @Nullable String ip6(Name name) {
        StringBuilder text = new StringBuilder();
        for (int i = NIBBLES - 1; i >= 0; i--) {
            String part = label(name, i);
            if (part.length() != 1 || HEX.indexOf(part.charAt(0)) < 0) {
                return null;
            }
            text.append(part).append(i > 0 && i % NIBBLES_PER_GROUP == 0 ? ":" : "");
        }
        return text.toString();
    }

    // As a checker writes it, so that a client has one name only.
    private static boolean isByte(String text) {
        if (text.isEmpty() || text.length() > 3 || text.length() > 1 && text.charAt(0) == '0') {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') && Integer.parseInt(text) <= MAX_BYTE;
    }

    private static String label(Name name, int index) {
        return name.getLabelString(index).toLowerCase(Locale.ROOT);
    }
}

package org.senderauth.ses;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A question's name read as a signed address. Left of the zone's name stands the local part, whose dots separate
 * labels; then {@code _i} and the client's address, if the SPF term has {@code %{i}}; then, in a zone for many domains,
 * {@code _at_} and the domain.
 *
 * @param address the address in lower case, as the DNS may have folded it
 * @param client the client's address as the name has it, or null
 */
record ZoneName(String address, @Nullable String client) {

    static final String CLIENT_LABEL = "_i";
    static final String DOMAIN_LABEL = "_at_";

    private static final int IPV4_LABELS = 4;
    private static final int IPV6_LABELS = 32;

    /**
     * Reads a name.
     *
     * @param name the name asked for
     * @param count how many labels stand left of the zone's name
     * @param domain the zone's domain, or null if the name says it
     * @param split whether the local part's {@code =} became label separators as well
     * @return what the name says, or null if that cannot be an address
     */
    static @Nullable ZoneName read(Name name, int count, @Nullable String domain, boolean split) {
        List<String> labels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String label = label(name.getLabel(i));
            if (label == null) {
                return null;
            }
            labels.add(label);
        }
        int end = count;
        String at = domain;
        if (at == null) {
            end = labels.lastIndexOf(DOMAIN_LABEL);
            if (end < 1 || end + 1 == count) {
                return null;
            }
            at = String.join(".", labels.subList(end + 1, count));
        }
        String client = null;
        int mark = labels.subList(0, end).lastIndexOf(CLIENT_LABEL);
        if (mark > 0 && isIpAddress(labels.subList(mark + 1, end))) {
            client = String.join(".", labels.subList(mark + 1, end));
            end = mark;
        }
        String local;
        if (split) {
            if (end < 3) {
                return null;
            }
            local = labels.get(0) + '=' + labels.get(1) + '=' + String.join(".", labels.subList(2, end));
        } else {
            local = String.join(".", labels.subList(0, end));
        }
        return new ZoneName(local + '@' + at, client);
    }

    private static boolean isIpAddress(List<String> labels) {
        return switch (labels.size()) {
            case IPV4_LABELS -> labels.stream().allMatch(label -> label.matches("[0-9]{1,3}"));
            case IPV6_LABELS -> labels.stream().allMatch(label -> label.matches("[0-9a-f]"));
            default -> false;
        };
    }

    /** A label in lower case; null if no dot-atom has it. */
    private static @Nullable String label(byte[] label) {
        int length = label[0];
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            char c = (char) label[i + 1];
            if (c <= ' ' || c >= 0x7f || c == '.' || c == '@' || c == '"' || c == '\\') {
                return null;
            }
            text[i] = c;
        }
        return new String(text).toLowerCase(Locale.ROOT);
    }
}

package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A query name read as a signed address. Left of the zone's name is the local part; then {@code _i} and the client's
 * address, if the SPF term has {@code %{i}}; then, in a zone for many domains, {@code _at_} and the domain.
 *
 * <p>The local part is spelled as the SPF term makes it: {@code %{lr=}} gives {@code alice.SIG.SES}, {@code %{l=}} gives
 * {@code SES.SIG.alice} (libspf2 loses the first character of {@code %{l9=}}), and {@code %{l}} gives {@code
 * SES=SIG=alice}. Dots of the local part separate labels in all of them.
 *
 * @param addresses what the name may mean, in lower case as the DNS may have folded it: one address, or two if the local
 *     part itself begins or ends like a tag
 * @param client the client's address as the name has it, or null
 */
record LookupName(List<String> addresses, @Nullable String client) {

    static final String CLIENT_LABEL = "_i";
    static final String DOMAIN_LABEL = "_at_";

    private static final String TAG_LABEL = "ses";

    /** Tag, signature, local part. */
    private static final int MIN_SPLIT_LABELS = 3;

    private static final int IPV4_LABELS = 4;
    private static final int IPV6_LABELS = 32;
    private static final Pattern OCTET = Pattern.compile("[0-9]{1,3}");
    private static final Pattern NIBBLE = Pattern.compile("[0-9a-f]");

    /**
     * Reads a name.
     *
     * @param name the name asked for
     * @param count how many labels stand left of the zone's name
     * @param domain the zone's domain, or null if the name says it
     * @return what the name says, or null if that cannot be an address
     */
    static @Nullable LookupName read(Name name, int count, @Nullable String domain) {
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
        List<String> addresses = new ArrayList<>(2);
        for (String local : localParts(labels.subList(0, end))) {
            addresses.add(local + '@' + at);
        }
        return new LookupName(addresses, client);
    }

    private static List<String> localParts(List<String> labels) {
        List<String> found = new ArrayList<>(2);
        int count = labels.size();
        if (count >= MIN_SPLIT_LABELS && labels.get(count - 1).equals(TAG_LABEL)) {
            found.add(signed(labels.get(count - 2), labels.subList(0, count - 2)));
        }
        if (count >= MIN_SPLIT_LABELS
                && TAG_LABEL.endsWith(labels.get(0))
                && labels.get(0).length() >= TAG_LABEL.length() - 1) {
            found.add(signed(labels.get(1), labels.subList(2, count)));
        }
        return found.isEmpty() ? List.of(String.join(".", labels)) : found;
    }

    private static String signed(String digits, List<String> localPart) {
        return TAG_LABEL + '=' + digits + '=' + String.join(".", localPart);
    }

    private static boolean isIpAddress(List<String> labels) {
        return switch (labels.size()) {
            case IPV4_LABELS -> labels.stream().allMatch(OCTET.asMatchPredicate());
            case IPV6_LABELS -> labels.stream().allMatch(NIBBLE.asMatchPredicate());
            default -> false;
        };
    }

    /** A label in lower case; null if no dot-atom has it. */
    private static @Nullable String label(byte[] label) {
        int length = label[0];
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            byte c = label[i + 1];
            // A byte above 0x7f is negative.
            if (c <= ' ' || c == 0x7f || c == '.' || c == '@' || c == '"' || c == '\\') {
                return null;
            }
            text[i] = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}

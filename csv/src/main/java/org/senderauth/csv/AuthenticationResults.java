package org.senderauth.csv;

import java.util.regex.Pattern;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;

/** Writes results in the words and the syntax of RFC 8601 section 2.2. */
final class AuthenticationResults {

    /** Longest text that is repeated; it keeps the line below 998 octets even if every character is quoted. */
    private static final int MAX_TEXT = 255;

    private static final Pattern DOMAIN_OR_TOKEN = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");

    private AuthenticationResults() {}

    static String resinfo(CsaResult result) {
        String helo = result.query().helo();
        String name =
                result.domain() != null && helo != null && !isAddress(helo) ? DomainNames.text(result.domain()) : helo;
        return CsaResult.METHOD + "=" + word(result.outcome()) + " reason=" + quoted(result.reason())
                + (name == null || name.isEmpty() ? "" : " smtp.helo=" + value(name));
    }

    private static boolean isAddress(String helo) {
        return helo.startsWith("[") || IpAddresses.parse(helo).isPresent();
    }

    private static String word(CsaOutcome outcome) {
        return switch (outcome) {
            case PASS -> "pass";
            case FAIL_NOT_AUTHORIZED, FAIL_MISMATCH, FAIL_NO_ADDRESS, FAIL_EXPLICIT -> "fail";
            case AUTHORIZED_UNAUTHENTICATED -> "neutral";
            case TEMPERROR_SRV, TEMPERROR_ADDR -> "temperror";
            case UNKNOWN, NOT_APPLICABLE -> "none";
        };
    }

    private static String value(String text) {
        return DOMAIN_OR_TOKEN.matcher(text).matches() && text.length() <= MAX_TEXT ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), MAX_TEXT); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < ' ' || c > '~' ? '?' : c);
        }
        return quoted.append('"').toString();
    }
}

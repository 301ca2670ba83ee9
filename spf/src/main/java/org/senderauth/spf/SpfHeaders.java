package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.core.SmtpReply;
import org.senderauth.spf.syntax.IpAddress;

/** Writes results as header fields and SMTP replies. Whatever others sent is quoted or replaced, never copied raw. */
final class SpfHeaders {

    /** Most characters of a line (RFC 5322 section 2.1.1); a field is not folded, so its values are cut to fit. */
    private static final int MAX_LINE = 998;

    private static final int MAX_SENDER = 256;
    private static final int MAX_NAME = 128;
    private static final int MAX_IN_COMMENT = 64;

    private SpfHeaders() {}

    // header-field = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ]
    static String receivedSpf(SpfResult result) {
        SpfQuery query = result.query();
        StringBuilder field = new StringBuilder(300);
        field.append("Received-SPF: ").append(result.verdict().text());
        field.append(" (")
                .append(comment(cut(result.receiver(), MAX_IN_COMMENT) + ": " + sentence(result, MAX_IN_COMMENT)))
                .append(") ");
        pair(field, "receiver", result.receiver(), MAX_IN_COMMENT);
        pair(field, "client-ip", clientText(query), MAX_NAME);
        pair(field, "envelope-from", query.mailFrom(), MAX_SENDER);
        pair(field, "helo", query.helo(), MAX_NAME);
        pair(field, "identity", query.identity().text(), MAX_NAME);
        String mechanism = result.mechanism();
        if (mechanism != null) {
            pair(field, "mechanism", mechanism, MAX_NAME);
        } else if (result.verdict() == SpfVerdict.NEUTRAL) {
            pair(field, "mechanism", "default", MAX_NAME);
        }
        SpfProblem problem = result.problem();
        if (problem != null) {
            pair(field, "problem", problem.toString(), MAX_LINE - field.length() - 20);
        }
        field.setLength(field.length() - 2);
        return field.toString();
    }

    // authres-header-field = "Authentication-Results:" authres-payload (RFC 8601 section 2.2)
    static String authenticationResults(SpfResult result) {
        StringBuilder field = new StringBuilder(200);
        field.append("Authentication-Results: ").append(quotedUnlessToken(result.receiver(), MAX_NAME));
        field.append("; spf=").append(result.verdict().text());
        SpfProblem problem = result.problem();
        if (problem != null) {
            field.append(" reason=").append(quoted(problem.toString(), MAX_SENDER));
        }
        if (result.identity() == SpfIdentity.HELO) {
            field.append(" smtp.helo=").append(quotedUnlessToken(result.query().helo(), MAX_SENDER));
        } else {
            // The identity of a null reverse-path is postmaster at the HELO name (RFC 7208 section 2.4).
            field.append(" smtp.mailfrom=").append(mailbox(sender(result)));
        }
        return field.toString();
    }

    static @Nullable SmtpReply reply(SpfResult result) {
        SpfProblem problem = result.problem();
        String reason = problem == null ? "" : ": " + problem;
        switch (result.verdict()) {
            case FAIL: {
                String explanation = result.explanation();
                String domainSays =
                        explanation == null ? "" : "; " + cut(result.domain(), MAX_NAME) + " explains: " + explanation;
                return SmtpReply.of(550, "5.7.23", "SPF: " + sentence(result, MAX_NAME) + domainSays);
            }
            case TEMPERROR:
                return SmtpReply.of(451, "4.7.24", "SPF: " + sentence(result, MAX_NAME) + reason);
            case PERMERROR:
                return SmtpReply.of(550, "5.7.24", "SPF: " + sentence(result, MAX_NAME) + reason);
            default:
                return null;
        }
    }

    private static String sentence(SpfResult result, int maxDomain) {
        String domain = cut(result.domain(), maxDomain);
        String client = clientText(result.query());
        switch (result.verdict()) {
            case PASS:
                return domain + " permits " + client + " to send";
            case FAIL:
                return domain + " does not permit " + client + " to send";
            case SOFTFAIL:
                return domain + " discourages " + client + " from sending";
            case NEUTRAL:
                return domain + " makes no statement about " + client;
            case NONE:
                return result.domain().isEmpty() ? "no domain to check" : "no SPF record for " + domain;
            case TEMPERROR:
                return "the record of " + domain + " cannot be evaluated now";
            default:
                return "the record of " + domain + " cannot be interpreted";
        }
    }

    /** The reverse-path, or what stands for a null one. */
    private static String sender(SpfResult result) {
        SpfQuery query = result.query();
        return query.mailFrom().isEmpty() ? "postmaster@" + query.helo() : query.mailFrom();
    }

    private static String clientText(SpfQuery query) {
        return IpAddress.of(query.client()).toString();
    }

    // key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
    private static void pair(StringBuilder field, String key, String value, int max) {
        boolean plain = value.length() <= max && isDotAtom(value);
        field.append(key).append('=').append(plain ? value : quoted(value, max)).append("; ");
    }

    // pvalue = [CFWS] ( ( value / [ [ local-part ] "@" ] domain-name ) [CFWS] )
    private static String mailbox(String address) {
        int at = address.lastIndexOf('@');
        boolean plain = at < 0
                ? isToken(address)
                : (at == 0 || isDotAtom(address.substring(0, at))) && isToken(address.substring(at + 1));
        return plain && address.length() <= MAX_SENDER ? address : quoted(address, MAX_SENDER);
    }

    private static String quotedUnlessToken(String value, int max) {
        return isToken(value) && value.length() <= max ? value : quoted(value, max);
    }

    // atext of RFC 5322 section 3.2.3, in atoms with single dots between them
    private static boolean isDotAtom(String text) {
        boolean atomNeeded = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (atomNeeded) {
                    return false;
                }
                atomNeeded = true;
            } else if (c <= ' ' || c >= 0x7f || "\"(),:;<>@[\\]".indexOf(c) >= 0) {
                return false;
            } else {
                atomNeeded = false;
            }
        }
        return !atomNeeded;
    }

    // token of RFC 2045 section 5.1
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;:\\\"/[]?=".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    // qtext and quoted-pair; max counts the characters between the quotation marks.
    private static String quoted(String text, int max) {
        return '"' + escaped(cut(text, max), "\"\\", max) + '"';
    }

    private static String comment(String text) {
        return escaped(text, "()\\", MAX_SENDER);
    }

    private static String escaped(String text, String special, int max) {
        String printable = printable(text);
        StringBuilder escaped = new StringBuilder(printable.length());
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            boolean isSpecial = special.indexOf(c) >= 0;
            if (escaped.length() + (isSpecial ? 2 : 1) > max) {
                break;
            }
            escaped.append(isSpecial ? "\\" : "").append(c);
        }
        return escaped.toString();
    }

    // An internationalised sender may stand in the header of its message (RFC 6532); controls of all kinds may not.
    private static String printable(String text) {
        if (Printable.isAscii(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isHarmless(c) ? c : '?'));
        return clean.toString();
    }

    private static boolean isHarmless(int c) {
        return c < 0x80
                ? c >= ' ' && c <= '~'
                : Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 3) + "...";
    }
}

package org.senderauth.spf;

import java.util.Optional;
import org.senderauth.core.AuthResult;
import org.senderauth.core.HeaderField;
import org.senderauth.core.HeaderText;
import org.senderauth.core.SmtpReply;
import org.senderauth.spf.syntax.IpAddress;

/** Writes results as header fields and SMTP replies. Untrusted text is quoted or replaced, never copied raw. */
final class SpfFormatter {

    private static final int MAX_SENDER = 256;
    private static final int MAX_NAME = 128;
    private static final int MAX_IN_COMMENT = 64;

    private SpfFormatter() {}

    // header-field = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ]
    static String receivedSpf(SpfResult result) {
        SpfQuery query = result.query();
        StringBuilder field = new StringBuilder(300);
        field.append("Received-SPF: ").append(result.verdict().text()).append(' ');
        String comment = HeaderText.cut(result.receiver(), MAX_IN_COMMENT) + ": " + sentence(result, MAX_IN_COMMENT);
        field.append(HeaderText.comment(comment, MAX_SENDER)).append(' ');
        pair(field, "receiver", result.receiver(), MAX_IN_COMMENT);
        pair(field, "client-ip", clientText(query), MAX_NAME);
        pair(field, "envelope-from", query.mailFrom(), MAX_SENDER);
        pair(field, "helo", query.helo(), MAX_NAME);
        pair(field, "identity", query.identity().text(), MAX_NAME);
        if (result.mechanism().isPresent()) {
            pair(field, "mechanism", result.mechanism().get(), MAX_NAME);
        } else if (result.verdict() == SpfVerdict.NEUTRAL) {
            pair(field, "mechanism", "default", MAX_NAME);
        }
        result.problem()
                .ifPresent(problem ->
                        pair(field, "problem", problem.toString(), HeaderField.MAX_LINE - field.length() - 20));
        field.setLength(field.length() - 2);
        return field.toString();
    }

    static AuthResult authResult(SpfResult result) {
        SpfQuery query = result.query();
        AuthResult.Builder built = AuthResult.builder("spf", result.verdict().text());
        result.problem().ifPresent(problem -> built.reason(problem.toString()));
        return result.identity() == SpfIdentity.HELO || query.mailFrom().isEmpty()
                ? built.property("smtp.helo", query.helo()).build()
                : built.address("smtp.mailfrom", query.mailFrom()).build();
    }

    static Optional<SmtpReply> reply(SpfResult result) {
        String domain = HeaderText.cut(result.domain(), MAX_NAME);
        String problem = result.problem().map(found -> ": " + found).orElse("");
        return switch (result.verdict()) {
            case FAIL -> {
                String explanation = result.explanation()
                        .map(text -> "; " + domain + " explains: " + text)
                        .orElse("");
                yield Optional.of(
                        SmtpReply.of(550, "5.7.23", "SPF check failed: " + sentence(result, MAX_NAME) + explanation));
            }
            // The problem can be long; what to do must not be cut off.
            case TEMPERROR ->
                Optional.of(SmtpReply.of(
                        451,
                        "4.7.24",
                        HeaderText.cut("SPF temporary error for " + domain + problem, SmtpReply.MAX_TEXT - 17)
                                + ", try again later"));
            case PERMERROR -> Optional.of(SmtpReply.of(550, "5.7.24", "SPF permanent error for " + domain + problem));
            default -> Optional.empty();
        };
    }

    static String reason(SpfResult result) {
        return sentence(result, MAX_NAME);
    }

    private static String sentence(SpfResult result, int maxDomain) {
        String domain = HeaderText.cut(result.domain(), maxDomain);
        String client = clientText(result.query());
        return switch (result.verdict()) {
            case PASS -> client + " is authorized to send mail for " + domain;
            case FAIL -> client + " is not authorized to send mail for " + domain;
            case SOFTFAIL -> client + " is probably not authorized to send mail for " + domain;
            case NEUTRAL -> domain + " does not state whether " + client + " is authorized";
            case NONE -> domain.isEmpty() ? "no domain to check" : domain + " has no SPF record";
            case TEMPERROR -> "temporary error for " + domain;
            case PERMERROR -> "permanent error for " + domain;
        };
    }

    private static String clientText(SpfQuery query) {
        return IpAddress.of(query.client()).toString();
    }

    // key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
    private static void pair(StringBuilder field, String key, String value, int max) {
        field.append(key)
                .append('=')
                .append(HeaderText.dotAtomOrQuoted(value, max))
                .append("; ");
    }
}

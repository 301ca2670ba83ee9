package org.senderauth.srs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;
import org.senderauth.srs.SrsForwarding.Outcome;

/**
 * Does what another program does, faults included, so that its addresses can be compared with: over-long results,
 * quotes in the middle of a local part, any domain after the {@code @}. Only the command and tests use it. Faults
 * whose results no one can use are not reproduced: libsrs2's nesting of SRS1 in SRS1, an SRS1 address without the
 * sender (Mail::SRS), results without a user or a host, and an {@code @} inside quotes that ends the local part.
 *
 * @param keys the keys, all of one program
 * @param domain the SRS domain
 * @param lifetimeDays how old an address may be
 * @param alwaysRewrite whether senders at the SRS domain are rewritten all the same
 */
record Reproduction(List<SrsKeyring.Key> keys, String domain, int lifetimeDays, boolean alwaysRewrite) {

    private static final int SRS_TAG_LENGTH = 4;

    /** The longest local part, in octets, that Exim handles. */
    private static final int MAX_EXIM_LOCAL_PART = 255;

    SrsForwarding forward(MailAddress sender, Instant now) {
        SrsKeyring.Key key = keys.get(0);
        boolean exim = key.format().mode() == SrsMode.EXIM;
        if (!exim && !alwaysRewrite && DomainNames.canonical(sender.domain()).equals(domain)) {
            return new SrsForwarding(sender, Outcome.LOCAL_SENDER);
        }
        boolean quotesOutside = quotesOutside(sender, key);
        String content = content(sender, quotesOutside);
        if (content.isEmpty() || !quotesOutside && content.indexOf('@') >= 0 || exim && !isAscii(sender.domain())) {
            return new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        String local = local(sender, content, key, SrsDays.day(now));
        if (local == null || exim && SrsText.utf8(local).length > MAX_EXIM_LOCAL_PART) {
            return new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        String written = quotesOutside ? '"' + local + '"' : local;
        return new SrsForwarding(new MailAddress(written, domain), Outcome.REWRITTEN);
    }

    private @Nullable String local(MailAddress sender, String content, SrsKeyring.Key key, int day) {
        SrsScheme scheme = key.scheme();
        char separator = key.format().separator();
        if (key.format().mode() == SrsMode.EXIM) {
            String stamp = scheme.stamp(day);
            // Exim hashes the sender as written, with its quotes.
            String hash = scheme.srs0Hash(key.hmac(), stamp, sender.domain(), sender.localPart(), domain);
            return "SRS0=" + hash + '=' + stamp + '=' + sender.domain() + '=' + content;
        }
        SrsSyntax syntax = SrsSyntax.parse(content);
        if (syntax instanceof SrsSyntax.Srs1 srs1) {
            return srs1(key, srs1.host(), srs1.inner());
        }
        if (!(syntax instanceof SrsSyntax.NotSrs)) {
            // All of the family wrap whatever has the tag of SRS0; an incomplete SRS1 loses its sender.
            return content.charAt(SRS_TAG_LENGTH - 1) == '0'
                    ? srs1(key, sender.domain(), content.substring(SRS_TAG_LENGTH))
                    : null;
        }
        String stamp = scheme.stamp(day);
        String hash = scheme.srs0Hash(key.hmac(), stamp, sender.domain(), content, domain);
        return "SRS0" + separator + hash + '=' + stamp + '=' + sender.domain() + '=' + content;
    }

    private String srs1(SrsKeyring.Key key, String host, String inner) {
        String hash = key.scheme().srs1Hash(key.hmac(), host, inner, domain);
        return "SRS1" + key.format().separator() + hash + '=' + host + '=' + inner;
    }

    // pysrs and Exim put the quotes around the whole; the others hash them and leave them where they are.
    private static boolean quotesOutside(MailAddress address, SrsKeyring.Key key) {
        SrsMode mode = key.format().mode();
        return address.isQuoted() && (mode == SrsMode.PYSRS || mode == SrsMode.EXIM);
    }

    private static String content(MailAddress address, boolean withoutQuotes) {
        String local = address.localPart();
        return withoutQuotes ? local.substring(1, local.length() - 1) : local;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    SrsResult reverse(MailAddress address, Instant now) {
        SrsKeyring.Key first = keys.get(0);
        boolean exim = first.format().mode() == SrsMode.EXIM;
        boolean quotesOutside = !exim && quotesOutside(address, first);
        SrsSyntax syntax = SrsSyntax.parse(content(address, quotesOutside));
        if (syntax instanceof SrsSyntax.NotSrs || exim && syntax instanceof SrsSyntax.Srs1) {
            return SrsResult.of(SrsVerdict.NOT_SRS, SrsReason.NO_TAG);
        }
        if (syntax instanceof SrsSyntax.Malformed) {
            return SrsResult.of(SrsVerdict.MALFORMED, SrsReason.MISSING_PART);
        }
        if (exim && !isAscii(address.localPart())) {
            // Exim adds quotes before it hashes, and rejects the addresses it has signed.
            return SrsResult.of(SrsVerdict.FORGED, SrsReason.WRONG_HASH);
        }
        SrsScheme.Age age = syntax instanceof SrsSyntax.Srs0 srs0
                ? first.scheme().age(srs0.stamp(), SrsDays.day(now), lifetimeDays)
                : SrsScheme.Age.IN_TIME;
        if (age == SrsScheme.Age.MALFORMED) {
            return SrsResult.of(SrsVerdict.MALFORMED, SrsReason.BAD_STAMP);
        }
        int index = confirming(syntax);
        if (index < 0) {
            return SrsResult.of(SrsVerdict.FORGED, SrsReason.WRONG_HASH);
        }
        if (age != SrsScheme.Age.IN_TIME) {
            return SrsResult.of(SrsVerdict.EXPIRED, SrsReason.TOO_OLD);
        }
        if (first.format().mode() == SrsMode.POSTSRSD2
                && syntax instanceof SrsSyntax.Srs0 srs0
                && srs0.host().equals(Forwarder.ALIAS_HOST)) {
            // An alias in PostSRSd's database, which only PostSRSd has.
            return SrsResult.of(SrsVerdict.EXPIRED, SrsReason.UNKNOWN_ALIAS);
        }
        String text = original(syntax, quotesOutside);
        return MailAddress.split(exim ? SrsText.lower(text) : text)
                .map(original -> new SrsResult(
                        SrsVerdict.VALID,
                        SrsReason.GOOD,
                        Optional.of(original),
                        Optional.of(first.format().mode()),
                        OptionalInt.of(index)))
                .orElseGet(() -> SrsResult.of(SrsVerdict.MALFORMED, SrsReason.ILLEGAL_RESULT));
    }

    private int confirming(SrsSyntax syntax) {
        for (int i = 0; i < keys.size(); i++) {
            SrsKeyring.Key key = keys.get(i);
            boolean confirmed = syntax instanceof SrsSyntax.Srs0 srs0
                    ? key.scheme().confirms(key.hmac(), srs0, domain)
                    : syntax instanceof SrsSyntax.Srs1 srs1 && key.scheme().confirms(key.hmac(), srs1, domain);
            if (confirmed) {
                return i;
            }
        }
        return -1;
    }

    private static String original(SrsSyntax syntax, boolean quoted) {
        String quote = quoted ? "\"" : "";
        return syntax instanceof SrsSyntax.Srs0 srs0
                ? quote + srs0.user() + quote + '@' + srs0.host()
                : quote + "SRS0" + ((SrsSyntax.Srs1) syntax).inner() + quote + '@' + ((SrsSyntax.Srs1) syntax).host();
    }
}

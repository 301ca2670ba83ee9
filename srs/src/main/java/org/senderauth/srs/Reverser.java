package org.senderauth.srs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * Reverses our addresses, in our own form and in those of predecessors. Thread-safe.
 *
 * @param keyrings the keys of each of our SRS domains, by its name as {@link DomainNames#canonical} gives it
 * @param lifetimeDays how old an address in our own form may be
 * @param aliases the store of aliases; null for none
 */
record Reverser(
        Map<String, List<SrsKeyring.Key>> keyrings,
        int lifetimeDays,
        @Nullable Aliases aliases) {

    /** The result of one key for an address. */
    private record Claim(SrsVerdict verdict, SrsReason reason, int index, SrsKeyring.@Nullable Key key) {}

    SrsResult reverse(MailAddress address, Instant now) {
        SrsSyntax syntax = SrsSyntax.parse(address.unquotedLocalPart());
        if (syntax instanceof SrsSyntax.NotSrs) {
            return SrsResult.of(SrsVerdict.NOT_SRS, SrsReason.NO_TAG);
        }
        String domain = DomainNames.canonical(address.domain());
        List<SrsKeyring.Key> keys = keyrings.get(domain);
        if (keys == null) {
            return SrsResult.of(SrsVerdict.FOREIGN, SrsReason.OTHER_DOMAIN);
        }
        if (syntax instanceof SrsSyntax.Malformed || syntax instanceof SrsSyntax.Srs1 srs1 && !srs1.hasSeparator()) {
            return SrsResult.of(SrsVerdict.MALFORMED, SrsReason.MISSING_PART);
        }
        Claim claim = claim(syntax, domain, keys, now);
        return claim.verdict() == SrsVerdict.VALID && claim.key() != null
                ? original(address, syntax, claim, claim.key())
                : SrsResult.of(claim.verdict(), claim.reason());
    }

    /** The first key that confirms the address; if none does, what the one that comes nearest says. */
    private Claim claim(SrsSyntax syntax, String domain, List<SrsKeyring.Key> keys, Instant now) {
        boolean readable = false;
        Claim over = null;
        for (int i = 0; i < keys.size(); i++) {
            SrsKeyring.Key key = keys.get(i);
            SrsScheme.Age age = age(syntax, key, now);
            readable |= age != SrsScheme.Age.MALFORMED;
            if (age == SrsScheme.Age.MALFORMED || !isConfirmed(syntax, domain, key)) {
                continue;
            }
            if (key.hasEnded(now)) {
                over = new Claim(SrsVerdict.EXPIRED, SrsReason.KEY_ENDED, i, key);
            } else if (age == SrsScheme.Age.IN_TIME) {
                return new Claim(SrsVerdict.VALID, SrsReason.GOOD, i, key);
            } else {
                over = new Claim(
                        SrsVerdict.EXPIRED, age == SrsScheme.Age.OVER ? SrsReason.TOO_OLD : SrsReason.TOO_NEW, i, key);
            }
        }
        if (over != null) {
            return over;
        }
        return readable
                ? new Claim(SrsVerdict.FORGED, SrsReason.WRONG_HASH, 0, null)
                : new Claim(SrsVerdict.MALFORMED, SrsReason.BAD_STAMP, 0, null);
    }

    private SrsScheme.Age age(SrsSyntax syntax, SrsKeyring.Key key, Instant now) {
        return syntax instanceof SrsSyntax.Srs0 srs0
                ? key.scheme()
                        .age(srs0.stamp(), SrsDays.day(now), key.isPredecessor() ? key.lifetimeDays() : lifetimeDays)
                : SrsScheme.Age.IN_TIME;
    }

    private static boolean isConfirmed(SrsSyntax syntax, String domain, SrsKeyring.Key key) {
        if (syntax instanceof SrsSyntax.Srs1 srs1) {
            return key.scheme().confirms(key.hmac(), srs1, domain);
        }
        if (!(syntax instanceof SrsSyntax.Srs0 srs0)) {
            return false;
        }
        if (key.scheme().confirms(key.hmac(), srs0, domain)) {
            return true;
        }
        // Exim hashes a quoted local part with its quotes, and writes them around the whole.
        return key.format().mode() == SrsMode.EXIM
                && !MailAddress.isDotString(srs0.user())
                && key.scheme()
                        .confirms(
                                key.hmac(),
                                new SrsSyntax.Srs0(
                                        srs0.separator(),
                                        srs0.hash(),
                                        srs0.stamp(),
                                        srs0.host(),
                                        MailAddress.quotedString(srs0.user())),
                                domain);
    }

    private SrsResult original(MailAddress address, SrsSyntax syntax, Claim claim, SrsKeyring.Key key) {
        MailAddress original;
        // No forwarder writes such a host; PostSRSd's hash of "example.org" and "alice" is that of "example." and
        // "orgalice" too.
        if (hasFinalDot(syntax)) {
            return SrsResult.of(SrsVerdict.MALFORMED, SrsReason.ILLEGAL_RESULT);
        }
        if (syntax instanceof SrsSyntax.Srs0 srs0) {
            if (srs0.host().equals(Forwarder.ALIAS_HOST)) {
                return aliased(srs0.user(), claim, key);
            }
            original = srs0Original(address, srs0, key);
        } else {
            SrsSyntax.Srs1 srs1 = (SrsSyntax.Srs1) syntax;
            original = address("SRS0" + srs1.inner(), address.isQuoted(), srs1.host());
        }
        return checked(original, claim, key);
    }

    private static boolean hasFinalDot(SrsSyntax syntax) {
        return syntax instanceof SrsSyntax.Srs0 srs0 && srs0.host().endsWith(".")
                || syntax instanceof SrsSyntax.Srs1 srs1 && srs1.host().endsWith(".");
    }

    private static @Nullable MailAddress srs0Original(MailAddress address, SrsSyntax.Srs0 srs0, SrsKeyring.Key key) {
        boolean quotesInside = key.isPredecessor() && srs0.user().charAt(0) == '"';
        return quotesInside
                ? MailAddress.split(srs0.user() + '@' + srs0.host()).orElse(null)
                : address(srs0.user(), address.isQuoted(), srs0.host());
    }

    private static @Nullable MailAddress address(String content, boolean quoted, String domain) {
        // A host from inside quotes may contain what no domain may.
        return MailAddress.ofContent(content, quoted, domain).orElse(null);
    }

    private SrsResult aliased(String alias, Claim claim, SrsKeyring.Key key) {
        if (aliases == null || key.isPredecessor()) {
            return SrsResult.of(SrsVerdict.EXPIRED, SrsReason.UNKNOWN_ALIAS);
        }
        AliasStore.Answer answer = aliases.get(SrsText.lower(alias));
        if (!(answer instanceof AliasStore.Answer.Known known)) {
            return SrsResult.of(SrsVerdict.UNAVAILABLE, SrsReason.STORE_UNAVAILABLE);
        }
        return known.address().isEmpty()
                ? SrsResult.of(SrsVerdict.EXPIRED, SrsReason.UNKNOWN_ALIAS)
                : checked(MailAddress.split(known.address().get()).orElse(null), claim, key);
    }

    private SrsResult checked(@Nullable MailAddress original, Claim claim, SrsKeyring.Key key) {
        if (original == null || !isValid(original)) {
            return SrsResult.of(SrsVerdict.MALFORMED, SrsReason.ILLEGAL_RESULT);
        }
        boolean loops = keyrings.containsKey(DomainNames.canonical(original.domain()))
                && LocalPartScheme.of(original.unquotedLocalPart())
                        .filter(LocalPartScheme::isSrs)
                        .isPresent();
        return loops
                ? SrsResult.of(SrsVerdict.MALFORMED, SrsReason.LOOP)
                : new SrsResult(
                        SrsVerdict.VALID,
                        SrsReason.GOOD,
                        Optional.of(original),
                        Optional.of(key.format().mode()),
                        OptionalInt.of(claim.index()));
    }

    // Domains with an underscore are not valid, and mail comes from them all the same. Nor is a local part of more than
    // 64 octets, but PostSRSd writes such, and we do with OverLong.REWRITE.
    private static boolean isValid(MailAddress original) {
        String domain = withoutUnderscores(original.domain());
        return (original.isQuoted() || MailAddress.isDotString(original.localPart()))
                && new MailAddress("a", domain).isValid();
    }

    private static String withoutUnderscores(String domain) {
        return domain.indexOf('_') < 0 ? domain : domain.replace('_', 'a');
    }
}

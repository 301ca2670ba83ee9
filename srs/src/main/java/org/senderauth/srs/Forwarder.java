package org.senderauth.srs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;
import org.senderauth.srs.SrsForwarding.Outcome;

/**
 * Rewrites senders in our own form. Thread-safe.
 *
 * @param key the key that signs
 * @param domain the SRS domain that senders are rewritten to, in lower case
 * @param maxLocalPart the maximum bytes of a local part at that domain
 * @param srsDomains all our SRS domains
 * @param localDomains the domains that are never rewritten
 * @param alwaysRewrite whether senders of local domains are rewritten all the same
 * @param overLong what becomes of senders that are too long, without a store
 * @param aliases the store of aliases; null for none
 * @param aliasLifetime how long an alias is kept
 */
record Forwarder(
        SrsKeyring.Key key,
        String domain,
        int maxLocalPart,
        Set<String> srsDomains,
        Set<String> localDomains,
        boolean alwaysRewrite,
        OverLong overLong,
        @Nullable Aliases aliases,
        Duration aliasLifetime) {

    /** The host of an alias: a name that no sender may have. */
    static final String ALIAS_HOST = "1";

    /** The bounce target of a sender, and the parts of the address that replaces it. */
    private record Parts(@Nullable String stamp, String host, String rest, boolean quoted) {}

    SrsForwarding forward(MailAddress sender, int day) {
        if (sender.isAddressLiteral()) {
            return new SrsForwarding(sender, Outcome.ADDRESS_LITERAL);
        }
        String host = host(sender.domain()).orElse(null);
        String content = sender.unquotedLocalPart();
        if (host == null || content.isEmpty()) {
            return new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        SrsSyntax syntax = SrsSyntax.parse(content);
        String canonicalHost = DomainNames.canonical(host);
        boolean own = !(syntax instanceof SrsSyntax.NotSrs) && srsDomains.contains(canonicalHost);
        if (own || !alwaysRewrite && Srs.contains(localDomains, canonicalHost)) {
            return new SrsForwarding(sender, Outcome.LOCAL_SENDER);
        }
        Parts parts = parts(sender, content, host, syntax, day);
        String firstForwarder = DomainNames.canonical(parts.host());
        return parts.stamp() == null && srsDomains.contains(firstForwarder)
                ? own(sender, parts, firstForwarder)
                : write(sender, parts, day);
    }

    // We were the first forwarder and the mail came back: our own address is in there, signed already for its domain.
    private SrsForwarding own(MailAddress sender, Parts parts, String ownDomain) {
        MailAddress address = MailAddress.ofContent("SRS0" + parts.rest(), parts.quoted(), ownDomain)
                .orElse(null);
        if (address == null) {
            return new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        return address.isValid() || overLong == OverLong.REWRITE
                ? new SrsForwarding(address, Outcome.REWRITTEN)
                : new SrsForwarding(sender, Outcome.TOO_LONG);
    }

    // An address that only looks like SRS0 or SRS1 is an ordinary one: wrapped as SRS1 it could not be reversed.
    private Parts parts(MailAddress sender, String content, String host, SrsSyntax syntax, int day) {
        boolean quoted = sender.isQuoted();
        if (syntax instanceof SrsSyntax.Srs0) {
            return new Parts(null, host, content.substring(4), quoted);
        }
        if (syntax instanceof SrsSyntax.Srs1 srs1
                && srs1.hasSeparator()
                && host(srs1.host()).isPresent()) {
            return new Parts(null, srs1.host(), srs1.inner(), quoted);
        }
        return new Parts(key.scheme().stamp(day), host, content, quoted);
    }

    private SrsForwarding write(MailAddress sender, Parts parts, int day) {
        String local = local(parts);
        MailAddress address =
                MailAddress.ofContent(local, parts.quoted(), domain).orElse(null);
        if (address == null) {
            return new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        if (address.localPartOctets() <= maxLocalPart) {
            // An unquoted local part was checked when it was written, and the domain when this was built.
            return !address.isQuoted() || address.isValid()
                    ? new SrsForwarding(address, Outcome.REWRITTEN)
                    : new SrsForwarding(sender, Outcome.UNSUITABLE);
        }
        if (aliases != null) {
            return alias(sender, parts, aliases, day);
        }
        return overLong == OverLong.REWRITE
                ? new SrsForwarding(address, Outcome.REWRITTEN)
                : new SrsForwarding(sender, Outcome.TOO_LONG);
    }

    private String local(Parts parts) {
        char separator = key.format().separator();
        if (parts.stamp() != null) {
            String hash = key.scheme().srs0Hash(key.hmac(), parts.stamp(), parts.host(), parts.rest(), domain);
            return "SRS0" + separator + hash + '=' + parts.stamp() + '=' + parts.host() + '=' + parts.rest();
        }
        String hash = key.scheme().srs1Hash(key.hmac(), parts.host(), parts.rest(), domain);
        return "SRS1" + separator + hash + '=' + parts.host() + '=' + parts.rest();
    }

    private SrsForwarding alias(MailAddress sender, Parts parts, Aliases store, int day) {
        String content = parts.stamp() == null ? "SRS0" + parts.rest() : parts.rest();
        MailAddress target = MailAddress.ofContent(content, parts.quoted(), parts.host())
                .filter(MailAddress::isValid)
                .orElse(null);
        if (target == null) {
            // Nothing that a bounce could be sent to is worth a row in the store.
            return new SrsForwarding(sender, Outcome.TOO_LONG);
        }
        String alias = HardenedScheme.alias(key.hmac(), target.toString());
        if (!store.put(alias, target.toString(), aliasLifetime)) {
            return new SrsForwarding(sender, Outcome.STORE_UNAVAILABLE);
        }
        String stamp = key.scheme().stamp(day);
        String hash = key.scheme().srs0Hash(key.hmac(), stamp, ALIAS_HOST, alias, domain);
        String local = "SRS0" + key.format().separator() + hash + '=' + stamp + '=' + ALIAS_HOST + '=' + alias;
        return new SrsForwarding(new MailAddress(local, domain), Outcome.ALIAS);
    }

    /** The domain in A-labels, if it can stand in a local part: letters, digits, hyphens, underscores and dots. */
    private static Optional<String> host(String domain) {
        return DomainNames.toAscii(domain).filter(ascii -> !ascii.equals(ALIAS_HOST) && SrsText.isHost(ascii));
    }
}

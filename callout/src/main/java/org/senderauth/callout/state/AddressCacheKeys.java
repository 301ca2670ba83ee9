package org.senderauth.callout.state;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * The keys under which an address is cached. Senders that are generated for one message each are probed as they are, and
 * cached under their constant part, so a mailing list does not cause a probe for each of its mails. Senders and recipients
 * have separate keys. Immutable.
 *
 * @param exact the address as it is, its domain as {@link DomainNames#canonical} gives it
 * @param base the address without its tag; null without a recognized tag
 * @param pattern the pattern of the local part; null if it does not look tagged
 * @param domain the domain, in that form
 * @param registrable the registrable domain, which has the rate limits
 */
public record AddressCacheKeys(
        String exact, @Nullable String base, @Nullable String pattern, String domain, String registrable) {

    private static final String SENDER = "s";
    private static final String RECIPIENT = "r";

    // VERP: list-return-12-user=example.com, bounce+user=example.com.
    private static final Pattern VERP = Pattern.compile("(.*?[-+])[^-+=]+=[^=]+");

    private static final Pattern PLUS = Pattern.compile("([^+]+\\+).*[0-9=].*");

    // Serial numbers and hashes between separators.
    private static final Pattern NUMBERS =
            Pattern.compile("(?<![^-+._=])(?:[0-9]{4,}|(?=[0-9a-f]*[0-9])[0-9a-fA-F]{8,})(?![^-+._=])");

    /**
     * The keys of an envelope sender.
     *
     * @param address the sender
     * @return its keys
     */
    public static AddressCacheKeys sender(MailAddress address) {
        return of(SENDER, address);
    }

    /**
     * The keys of a recipient. It has no pattern: that 1001 to 1003 exist does not determine whether 1004 does.
     *
     * @param address the recipient
     * @return its keys
     */
    public static AddressCacheKeys recipient(MailAddress address) {
        AddressCacheKeys keys = of(RECIPIENT, address);
        return new AddressCacheKeys(keys.exact, keys.base, null, keys.domain, keys.registrable);
    }

    /**
     * Returns the keys of an address as a sender and as a recipient.
     *
     * @param address the address
     * @return both
     */
    public static List<AddressCacheKeys> all(MailAddress address) {
        return List.of(sender(address), recipient(address));
    }

    /** {@return the keys of the address, its base and its pattern, as far as there are any} */
    public List<String> addresses() {
        return Stream.of(exact, base, pattern).filter(Objects::nonNull).toList();
    }

    /** {@return the registrable domain without the mark of senders or recipients} */
    public String registrableDomain() {
        return registrable.substring(registrable.indexOf(':') + 1);
    }

    private static AddressCacheKeys of(String kind, MailAddress address) {
        String domain = DomainNames.canonical(address.domain());
        String suffix = "@" + domain;
        String registrable = address.isAddressLiteral() ? domain : RegistrableDomain.of(address.domain());
        String local = address.localPart();
        String base = LocalPartScheme.stablePart(local)
                .map(rest -> kind + "b:" + rest + suffix)
                .orElse(null);
        String pattern = base != null
                ? null
                : pattern(local).map(shape -> kind + "p:" + shape + suffix).orElse(null);
        return new AddressCacheKeys(
                kind + ":" + local + suffix, base, pattern, kind + ":" + domain, kind + ":" + registrable);
    }

    private static Optional<String> pattern(String local) {
        String shape = local;
        Matcher verp = VERP.matcher(shape);
        Matcher plus = PLUS.matcher(shape);
        if (verp.matches()) {
            shape = verp.group(1).replaceAll("[0-9]+", "#") + "*=*";
        } else if (plus.matches()) {
            shape = plus.group(1) + "*";
        }
        shape = NUMBERS.matcher(shape).replaceAll("#");
        return shape.equals(local) ? Optional.empty() : Optional.of(shape.toLowerCase(Locale.ROOT));
    }
}

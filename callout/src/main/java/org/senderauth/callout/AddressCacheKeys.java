package org.senderauth.callout;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;

/**
 * The keys under which an address is cached. Senders that are generated for one message each are probed as they are, and
 * cached under their constant part, so a mailing list does not cause a probe for each of its mails.
 *
 * @param exact the address as it is, its domain in lower case
 * @param base the address without its tag; null without a recognized tag
 * @param pattern the pattern of the local part; null if it does not look tagged
 */
record AddressCacheKeys(
        String exact, @Nullable String base, @Nullable String pattern) {

    // VERP: list-return-12-user=example.com, bounce+user=example.com.
    private static final Pattern VERP = Pattern.compile("(.*?[-+])[^-+=]+=[^=]+");

    private static final Pattern PLUS = Pattern.compile("([^+]+\\+).*[0-9=].*");

    // Serial numbers and hashes between separators.
    private static final Pattern NUMBERS =
            Pattern.compile("(?<![^-+._=])(?:[0-9]{4,}|(?=[0-9a-f]*[0-9])[0-9a-fA-F]{8,})(?![^-+._=])");

    static AddressCacheKeys of(String kind, MailAddress address) {
        MailAddress folded = address.withLowerCaseDomain();
        String suffix = "@" + folded.domain();
        String local = folded.localPart();
        String base = LocalPartScheme.stablePart(local)
                .map(rest -> kind + "b:" + rest + suffix)
                .orElse(null);
        String pattern = base != null
                ? null
                : pattern(local).map(shape -> kind + "p:" + shape + suffix).orElse(null);
        return new AddressCacheKeys(kind + ":" + local + suffix, base, pattern);
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

package org.senderauth.callout;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * The keys under which an address is remembered. Senders that are made anew for each message are asked about as they
 * are, and remembered under what stays the same, so that a mailing list is not asked about once for each of its mails.
 *
 * @param exact the address as it is, its domain in lower case
 * @param base the address without its tag; null if it has none that is known
 * @param pattern the pattern that the local part follows; null if it looks like no tagged one
 */
record AddressKeys(
        String exact, @Nullable String base, @Nullable String pattern) {

    // BATV (draft-levine-smtp-batv-01 section 4): tag-type "=" tag-value "=" loc-core; Exim and others write prvs.
    private static final Pattern PRVS = Pattern.compile("prvs=[0-9a-zA-Z]{8,16}=(.+)", Pattern.CASE_INSENSITIVE);

    // The other order, used by older signers: "prvs=" loc-core "/" tag-value.
    private static final Pattern PRVS_SLASH = Pattern.compile("prvs=(.+)/[0-9a-zA-Z]{8,16}", Pattern.CASE_INSENSITIVE);

    // SRS (libsrs2, pysrs): SRS0=hash=time=domain=local, SRS1=hash=forwarder==hash=time=domain=local; '+' and '-' too.
    private static final Pattern SRS0 = Pattern.compile("SRS0[=+-][^=]{2,}=[A-Z2-7]{2}=(.+)", Pattern.CASE_INSENSITIVE);

    private static final Pattern SRS1 =
            Pattern.compile("SRS1[=+-][^=]{2,}=([^=]+)=[=+-][^=]{2,}=[A-Z2-7]{2}=(.+)", Pattern.CASE_INSENSITIVE);

    // SES (pysrs): SES=tag=local.
    private static final Pattern SES = Pattern.compile("SES=[^=]{4,}=(.+)", Pattern.CASE_INSENSITIVE);

    // VERP: list-return-12-user=example.com, bounce+user=example.com.
    private static final Pattern VERP = Pattern.compile("(.*?[-+])[^-+=]+=[^=]+");

    private static final Pattern PLUS = Pattern.compile("([^+]+\\+).*[0-9=].*");

    // Serial numbers and hashes between separators.
    private static final Pattern NUMBERS =
            Pattern.compile("(?<![^-+._=])(?:[0-9]{4,}|(?=[0-9a-f]*[0-9])[0-9a-fA-F]{8,})(?![^-+._=])");

    static AddressKeys of(String kind, MailAddress address) {
        MailAddress folded = address.withLowerCaseDomain();
        String suffix = "@" + folded.domain();
        String local = folded.localPart();
        String base = withoutTag(local).map(rest -> kind + "b:" + rest + suffix).orElse(null);
        String pattern = base != null
                ? null
                : pattern(local).map(shape -> kind + "p:" + shape + suffix).orElse(null);
        return new AddressKeys(kind + ":" + local + suffix, base, pattern);
    }

    private static Optional<String> withoutTag(String local) {
        Matcher srs1 = SRS1.matcher(local);
        if (srs1.matches()) {
            return Optional.of("srs1=" + srs1.group(1) + "=" + srs1.group(2));
        }
        Matcher srs0 = SRS0.matcher(local);
        if (srs0.matches()) {
            return Optional.of("srs0=" + srs0.group(1));
        }
        for (Pattern tag : new Pattern[] {PRVS, PRVS_SLASH, SES}) {
            Matcher tagged = tag.matcher(local);
            if (tagged.matches()) {
                return Optional.of(tagged.group(1));
            }
        }
        return Optional.empty();
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

package org.senderauth.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schemes that sign or rewrite local parts. All of them are recognized here, so that no scheme signs an address
 * that another has signed. A tag shows only which scheme an address claims. Stateless; thread-safe.
 */
public enum LocalPartScheme {
    /** BATV (draft-levine-smtp-batv-01) and the dialects in use: {@code prvs=}, {@code msprvs1=}, {@code btv1==}. */
    BATV,
    /** SES: {@code SES=signature=local-part}. */
    SES,
    /** The address of a first forwarder: {@code SRS0=hash=stamp=host=user}; {@code +} and {@code -} also separate. */
    SRS0,
    /** The address of a later forwarder: {@code SRS1=hash=host==hash=stamp=host=user}. */
    SRS1;

    /** The length of an SRS tag without the separator after it. */
    public static final int SRS_TAG_LENGTH = "SRS0".length();

    private static final String[] BATV_TAGS = {"prvs=", "prvs1=", "msprvs=", "msprvs1=", "btv1=="};
    private static final String SES_TAG = "ses=";

    // tag-type "=" tag-val "=" loc-core (draft-levine-smtp-batv-01 section 4); Exim and others write prvs.
    private static final Pattern BATV_FIRST = Pattern.compile("[^=]+=[0-9a-zA-Z]{8,16}=(.+)", Pattern.DOTALL);
    // The other order, of older signers: tag-type "=" loc-core "/" tag-val.
    private static final Pattern BATV_LAST = Pattern.compile("[^=]+=(.+)/[0-9a-zA-Z]{8,16}", Pattern.DOTALL);
    private static final Pattern SES_SIGNED = Pattern.compile("[^=]+=[^=]{4,}=(.+)", Pattern.DOTALL);
    private static final String SRS_HASH_AND_STAMP = "[^=]{2,}=[a-zA-Z2-7]{2}=";
    private static final Pattern SRS0_PARTS =
            Pattern.compile("SRS0[=+-]" + SRS_HASH_AND_STAMP + "(.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SRS1_PARTS = Pattern.compile(
            "SRS1[=+-][^=]{2,}=([^=]+)=[=+-]" + SRS_HASH_AND_STAMP + "(.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * Recognizes a local part by its tag, case-insensitive in ASCII.
     *
     * @param localPart a local part without the quotes of a quoted string
     * @return the scheme; empty if the local part does not begin with a tag; SRS needs a separator after its tag
     */
    public static Optional<LocalPartScheme> of(String localPart) {
        if (localPart.length() <= SES_TAG.length() - 1) {
            return Optional.empty();
        }
        return switch (localPart.charAt(0) | 0x20) {
            case 's' -> sesOrSrs(localPart);
            case 'p', 'm', 'b' -> isBatv(localPart) ? Optional.of(BATV) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<LocalPartScheme> sesOrSrs(String localPart) {
        if (startsWith(localPart, SES_TAG)) {
            return Optional.of(SES);
        }
        if (!startsWith(localPart, "srs")
                || localPart.length() == SRS_TAG_LENGTH
                || !isSrsSeparator(localPart.charAt(SRS_TAG_LENGTH))) {
            return Optional.empty();
        }
        return switch (localPart.charAt(SRS_TAG_LENGTH - 1)) {
            case '0' -> Optional.of(SRS0);
            case '1' -> Optional.of(SRS1);
            default -> Optional.empty();
        };
    }

    private static boolean isBatv(String localPart) {
        for (String tag : BATV_TAGS) {
            if (startsWith(localPart, tag)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tests whether this is one of the two forms of SRS.
     *
     * @return true for {@link #SRS0} and {@link #SRS1}
     */
    public boolean isSrs() {
        return this == SRS0 || this == SRS1;
    }

    /**
     * Tests whether a character separates the tag of SRS from what follows.
     *
     * @param c a character
     * @return true for {@code =}, {@code +} and {@code -}
     */
    public static boolean isSrsSeparator(char c) {
        return c == '=' || c == '+' || c == '-';
    }

    /**
     * Returns the part of a local part that does not change with each signature, for cache keys.
     *
     * @param localPart a local part
     * @return the original local part under a BATV tag or an SES signature; the parts of an SRS address without hash
     *     and time stamp, {@code srs0=host=user} or {@code srs1=host=host=user}; empty if it is not signed in a known
     *     way
     */
    public static Optional<String> stablePart(String localPart) {
        LocalPartScheme scheme = of(localPart).orElse(null);
        if (scheme == null) {
            return Optional.empty();
        }
        return switch (scheme) {
            case BATV -> group(BATV_FIRST, localPart).or(() -> group(BATV_LAST, localPart));
            case SES -> group(SES_SIGNED, localPart);
            case SRS0 -> group(SRS0_PARTS, localPart).map(rest -> "srs0=" + rest);
            case SRS1 -> {
                Matcher parts = SRS1_PARTS.matcher(localPart);
                yield parts.matches() ? Optional.of("srs1=" + parts.group(1) + "=" + parts.group(2)) : Optional.empty();
            }
        };
    }

    private static Optional<String> group(Pattern pattern, String localPart) {
        Matcher matcher = pattern.matcher(localPart);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    // Not regionMatches: it considers U+017F equal to S.
    private static boolean startsWith(String text, String lowerCaseTag) {
        if (text.length() < lowerCaseTag.length()) {
            return false;
        }
        for (int i = 0; i < lowerCaseTag.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCaseTag.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

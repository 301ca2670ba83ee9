package org.senderauth.spf.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of fixes. None advises {@code +all}, or a prefix length of 0. */
final class FixText {

    private static final Pattern PASS_ALL = Pattern.compile("(?i)(?<![^ ])\\+?all(?![^ ])");

    private static final Pattern PREFIX_ZERO = Pattern.compile("/0+(?![0-9])");

    private FixText() {}

    /** Returns the fix that writes some terms; it never advises {@code +all}, even if the term resembles it. */
    static String write(String terms) {
        return fix("write", terms);
    }

    static String fix(String verb, String terms) {
        if (PREFIX_ZERO.matcher(terms).find()) {
            return "write the network that sends mail, with its prefix length";
        }
        Matcher all = PASS_ALL.matcher(terms);
        if (!all.find()) {
            return verb + " \"" + terms + "\"";
        }
        String others = (terms.substring(0, all.start()) + terms.substring(all.end())).strip();
        return (others.isEmpty() ? "" : verb + " \"" + others + "\" and ") + "end the record with \"-all\" or \"~all\"";
    }

    static String endWith(String all) {
        return PASS_ALL.matcher(all).matches() ? write(all) : "end the record with \"" + all + "\"";
    }
}

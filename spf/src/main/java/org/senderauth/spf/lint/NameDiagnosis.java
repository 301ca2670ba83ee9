package org.senderauth.spf.lint;

import static org.senderauth.spf.lint.TermDiagnosis.write;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out what the domain of a refused {@code a}, {@code mx}, {@code include} ... was meant to be. */
final class NameDiagnosis {

    private static final Pattern URL = Pattern.compile("(?i).*?https?://([A-Za-z0-9._-]+).*");
    private static final Pattern PREFIXED = Pattern.compile("(?i)(include|ip4|ip6|exists|redirect|ptr|a|mx)([:=])(.+)");

    private NameDiagnosis() {}

    static @Nullable Diagnosis of(
            String term, String qualifier, String name, String argument, int at, Predicate<String> accepted) {
        String start = term.substring(0, at);
        if (argument.isEmpty()) {
            return bad(term, 0, "the domain is missing", "write it behind the \"" + start + "\", or remove the term");
        }
        Diagnosis doubled = doubled(term, start, qualifier, argument, at, accepted);
        if (doubled != null) {
            return doubled;
        }
        for (String mechanism : List.of("ip4", "ip6")) {
            String right = qualifier + mechanism + ":" + argument;
            if (accepted.test(right)) {
                return new Diagnosis(
                        LintRule.ADDRESS_AS_NAME,
                        at,
                        term.length(),
                        "\"" + name + "\" takes a domain name, this is an address",
                        write(right));
            }
        }
        if (argument.matches("[A-Za-z0-9_][A-Za-z0-9_-]*(?:/.*)?")) {
            return new Diagnosis(
                    LintRule.SINGLE_LABEL,
                    at,
                    term.length(),
                    "a domain here has at least two labels; no search path is applied",
                    "write the full name, as in \"" + start + argument + ".example.org\"");
        }
        Matcher url = URL.matcher(argument);
        if (url.matches() && accepted.test(start + url.group(1))) {
            return bad(term, at, "this is a URL, not a domain name", write(start + url.group(1)));
        }
        if (argument.contains("@")) {
            return bad(term, at, "this is a mail address, not a domain name", "write the domain that sends the mail");
        }
        String plain = argument.replaceFirst("/[0-9]+$", "");
        if (!plain.equals(argument) && accepted.test(start + plain)) {
            return bad(term, at + plain.length(), "\"" + name + "\" takes no length", write(start + plain));
        }
        return null;
    }

    private static @Nullable Diagnosis doubled(
            String term, String start, String qualifier, String argument, int at, Predicate<String> accepted) {
        Matcher prefixed = PREFIXED.matcher(argument);
        String right = null;
        if (prefixed.matches()) {
            right = qualifier + prefixed.group(1).toLowerCase(Locale.ROOT) + prefixed.group(2) + prefixed.group(3);
        } else if (argument.matches("[:/=].*")) {
            right = start + argument.replaceFirst("^[:/=]+", "");
        } else if (argument.matches("[A-Za-z0-9_-]+:[A-Za-z0-9._-]+")) {
            right = start + argument.replace(':', '.');
        }
        return right != null && accepted.test(right)
                ? new Diagnosis(
                        LintRule.DOUBLED_PREFIX,
                        at,
                        term.length(),
                        "two mechanisms, or two colons, in one term",
                        write(right))
                : null;
    }

    private static Diagnosis bad(String term, int from, String reason, String fix) {
        return new Diagnosis(LintRule.BAD_NAME, from, term.length(), reason, fix);
    }
}

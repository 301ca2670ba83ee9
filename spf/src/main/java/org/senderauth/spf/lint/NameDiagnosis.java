package org.senderauth.spf.lint;

import static org.senderauth.spf.lint.FixText.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Suggests the domain that an invalid {@code a}, {@code mx}, {@code include} ... was meant to have. */
final class NameDiagnosis {

    private static final Pattern URL = Pattern.compile("(?i).*?https?://([A-Za-z0-9._-]+).*");
    private static final Pattern PREFIXED = Pattern.compile("(?i)(include|ip4|ip6|exists|redirect|ptr|a|mx)([:=])(.+)");

    private static final Pattern PORT = Pattern.compile("([A-Za-z0-9._-]+)(:[0-9]{1,5})((?:/.*)?)");

    private NameDiagnosis() {}

    static @Nullable Suggestion of(
            String term, String qualifier, String name, String argument, int at, Predicate<String> accepted) {
        String start = term.substring(0, at);
        if (argument.isEmpty()) {
            return bad(term, 0, "missing domain", "write it after the \"" + start + "\", or remove the term");
        }
        Suggestion doubled = doubled(term, start, qualifier, argument, at, accepted);
        if (doubled != null) {
            return doubled;
        }
        for (String mechanism : List.of("ip4", "ip6")) {
            String right = qualifier + mechanism + ":" + argument;
            if (accepted.test(right)) {
                return new Suggestion(
                        LintRule.IP_AS_DOMAIN,
                        at,
                        term.length(),
                        "\"" + name + "\" requires a domain name, not an address",
                        write(right));
            }
        }
        if (argument.matches("[A-Za-z0-9_][A-Za-z0-9_-]*(?:/.*)?")) {
            return new Suggestion(
                    LintRule.SINGLE_LABEL,
                    at,
                    term.length(),
                    "domain must be fully qualified; no search domain is applied",
                    "write the full name, as in \"" + start + argument + ".example.org\"");
        }
        Matcher url = URL.matcher(argument);
        if (url.matches() && accepted.test(start + url.group(1))) {
            return bad(term, at, "a URL, not a domain name", write(start + url.group(1)));
        }
        if (argument.contains("@")) {
            return bad(
                    term,
                    at,
                    "an email address, not a domain name",
                    name.equals("exp")
                            ? "publish the explanation as a TXT record and write the name of that record"
                            : "write the domain that sends the mail");
        }
        if (argument.matches("[^,;|]+(?:[,;|]+[^,;|]+)+")) {
            return list(term, start, argument, at, accepted);
        }
        Matcher port = PORT.matcher(argument);
        if (port.matches() && accepted.test(start + port.group(1) + port.group(3))) {
            return bad(term, at + port.start(2), "a port is not allowed", write(start + port.group(1) + port.group(3)));
        }
        String plain = argument.replaceFirst("/[0-9]+$", "");
        boolean hasPrefix = name.equals("a") || name.equals("mx");
        if (!hasPrefix && !plain.equals(argument) && accepted.test(start + plain)) {
            return bad(term, at + plain.length(), "\"" + name + "\" has no prefix length", write(start + plain));
        }
        return null;
    }

    /** Returns what is wrong with a term whose name has a label that no name can have. */
    static Suggestion impossible(String term, Predicate<String> accepted) {
        int at = term.indexOf(term.contains("=") && !term.contains(":") ? '=' : ':') + 1;
        String start = term.substring(0, at);
        String argument = term.substring(at);
        boolean empty = argument.startsWith(".") || argument.contains("..");
        if (!empty) {
            return bad(term, at, "a label has more than 63 characters: no such name can exist", "correct the name");
        }
        String plain = start + argument.replaceAll("\\.{2,}", ".").replaceFirst("^\\.", "");
        return bad(
                term,
                at,
                "an empty label between two dots, or before the first: no such name can exist",
                accepted.test(plain) ? write(plain) : "correct the name");
    }

    private static Suggestion list(String term, String start, String argument, int at, Predicate<String> accepted) {
        List<String> terms = new ArrayList<>();
        for (String each : argument.split("[,;|]+")) {
            terms.add(start + each);
        }
        return bad(
                term,
                at,
                "one domain per term",
                terms.stream().allMatch(accepted) ? write(String.join(" ", terms)) : "write one term for each domain");
    }

    private static @Nullable Suggestion doubled(
            String term, String start, String qualifier, String argument, int at, Predicate<String> accepted) {
        Matcher prefixed = PREFIXED.matcher(argument);
        String right = null;
        if (prefixed.matches()) {
            right = qualifier + prefixed.group(1).toLowerCase(Locale.ROOT) + prefixed.group(2) + prefixed.group(3);
        } else if (argument.matches("[:/=].*")) {
            right = start + argument.replaceFirst("^[:/=]+", "");
        } else if (argument.matches("[A-Za-z0-9_-]+:[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*")) {
            right = start + argument.replace(':', '.');
        }
        return right != null && accepted.test(right)
                ? new Suggestion(
                        LintRule.DOUBLED_PREFIX,
                        at,
                        term.length(),
                        "two mechanisms or two colons in one term",
                        write(right))
                : null;
    }

    private static Suggestion bad(String term, int from, String reason, String fix) {
        return new Suggestion(LintRule.BAD_NAME, from, term.length(), reason, fix);
    }
}

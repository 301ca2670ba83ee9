package org.senderauth.spf.lint;

import static org.senderauth.spf.lint.FixText.endWith;
import static org.senderauth.spf.lint.FixText.write;
import static org.senderauth.spf.lint.Suggestion.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Suggests what an invalid term was meant to be. The mistakes are those of published records; a fix quotes valid terms
 * only, and never one that authorizes every client.
 */
final class TermDiagnosis {

    static final List<String> MECHANISMS = List.of("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists");
    private static final List<String> MODIFIERS = List.of("redirect", "exp");

    private static final Pattern NAMED = Pattern.compile("([+?~-]?)([A-Za-z][A-Za-z0-9_-]*)([:=/.])(.*)");
    private static final Pattern ANOTHER_TERM = Pattern.compile(
            "(?<=.)(?=[+?~-]?(?:include:|ip4:|ip6:|exists:|redirect=|exp=|v=spf1|mx:|a:|ptr:|all$)|[+?~-](?:all|a|mx)(?![A-Za-z0-9_-]))",
            Pattern.CASE_INSENSITIVE);
    // Domain verification tokens, and policies of other kinds.
    private static final Pattern FOREIGN = Pattern.compile(
            "(?i)(?:[a-z][a-z0-9_-]*-(?:verification|site-verification|code)[=:].*|ms=(?:ms)?[0-9a-f]+|v=dmarc1.*|v=dkim1.*|p=(?:none|quarantine|reject).*)");
    // Around a term, around its value, and the backslashes of zone files. A run is read from its start only: from each
    // of its characters, a hostile record of 64 KiB would take seconds.
    private static final Pattern PUNCTUATION = Pattern.compile("^[\"'(<\\[,;]+|(?<![\"'.,;)>\\]])[\"'.,;)>\\]]+$"
            + "|(?<=^[+?~-]?[A-Za-z0-9]{1,9}[:=])[\"'(<\\[]+|(?<![\"')>\\]])[\"')>\\]]+(?=/{1,2}[0-9/]{1,8}$)|\\\\");
    private static final int LONGEST_TO_SPLIT = 512;

    private final Predicate<String> accepted;

    /** Creates a diagnosis that suggests only terms that a predicate accepts. */
    TermDiagnosis(Predicate<String> accepted) {
        this.accepted = accepted;
    }

    /**
     * Returns what is wrong with a term.
     *
     * @param term the term as in the record, one char for each byte
     * @param next the term after it, empty at the end of the record
     * @return the diagnosis, null if the parser's own message is best
     */
    @Nullable
    Suggestion diagnose(String term, String next) {
        Suggestion odd = CharacterRules.find(term);
        if (odd != null) {
            return odd;
        }
        List<Suggestion> candidates = new ArrayList<>();
        add(candidates, stringBorder(term, next));
        add(candidates, punctuation(term));
        add(candidates, foreign(term));
        add(candidates, straySpace(term, next));
        add(candidates, runTogether(term));
        add(candidates, name(term));
        add(candidates, bareValue(term));
        Matcher named = NAMED.matcher(term);
        if (named.matches()) {
            String name = named.group(2).toLowerCase(Locale.ROOT);
            String argument = named.group(4);
            int at = named.start(4);
            boolean colon = named.group(3).equals(":");
            if (colon && (name.equals("ip4") || name.equals("ip6"))) {
                add(candidates, AddressDiagnosis.of(term, named.group(1), name, argument, at, accepted));
            } else if (colon && List.of("a", "mx", "ptr", "include", "exists").contains(name)
                    || named.group(3).equals("=") && MODIFIERS.contains(name)) {
                add(candidates, NameDiagnosis.of(term, named.group(1), name, argument, at, accepted));
            }
        }
        return candidates.isEmpty() ? null : candidates.get(0);
    }

    /** Returns what is wrong with an unknown modifier; null if nothing is. */
    @Nullable
    Suggestion diagnoseUnknownModifier(String term) {
        int equals = term.indexOf('=');
        String name = term.substring(0, equals).toLowerCase(Locale.ROOT);
        if (name.equals("v")) {
            return term.equalsIgnoreCase("v=spf1")
                    ? whole(
                            LintRule.SECOND_VERSION,
                            term,
                            "two records in one; receivers ignore this and all terms after the first \"all\"",
                            "remove it, and keep one \"all\" at the end")
                    : foreignOf(term);
        }
        if (name.equals("all")) {
            return whole(
                    LintRule.WRONG_SEPARATOR,
                    term,
                    "\"all=\" is an unknown modifier, which receivers ignore: the record does not end here",
                    "end the record with \"-all\" or \"~all\"");
        }
        Suggestion misnamed = name(term);
        if (misnamed != null) {
            return misnamed;
        }
        Suggestion foreign = foreign(term);
        if (foreign != null) {
            return foreign;
        }
        // RFC 6652 section 3 registers these.
        if (List.of("ra", "rp", "rr").contains(name)) {
            return null;
        }
        return whole(
                LintRule.UNKNOWN_MODIFIER, term, "unknown modifier \"" + name + "\"; receivers ignore it", "remove it");
    }

    private static void add(List<Suggestion> candidates, @Nullable Suggestion found) {
        if (found != null) {
            candidates.add(found);
        }
    }

    // Two strings of a zone file, which are joined without a space.
    private @Nullable Suggestion stringBorder(String term, String next) {
        if (!term.endsWith("\"") || !next.startsWith("\"")) {
            return null;
        }
        String joined = term.substring(0, term.length() - 1) + next.substring(1);
        return accepted.test(joined)
                ? new Suggestion(
                        LintRule.STRAY_PUNCTUATION,
                        term.length() - 1,
                        term.length() + 2,
                        "the quotation marks of two strings and the space between them are part of the record",
                        write(joined))
                : null;
    }

    private @Nullable Suggestion punctuation(String term) {
        String bare = PUNCTUATION.matcher(term).replaceAll("");
        if (bare.equals(term)) {
            return null;
        }
        int start = 0;
        while (start < bare.length() && term.charAt(start) == bare.charAt(start)) {
            start++;
        }
        int end = term.length();
        while (bare.length() - (term.length() - end) > start
                && term.charAt(end - 1) == bare.charAt(bare.length() - (term.length() - end) - 1)) {
            end--;
        }
        if (bare.isEmpty()) {
            return whole(LintRule.STRAY_PUNCTUATION, term, "not a term", "remove it");
        }
        return accepted.test(bare)
                ? new Suggestion(
                        LintRule.STRAY_PUNCTUATION,
                        start,
                        end,
                        "terms are separated by spaces only, without punctuation, quotation marks or brackets",
                        write(bare))
                : null;
    }

    private static @Nullable Suggestion foreign(String term) {
        return FOREIGN.matcher(term).matches() ? foreignOf(term) : null;
    }

    private static Suggestion foreignOf(String term) {
        return whole(LintRule.UNRELATED_TOKEN, term, "not part of SPF", "move it to its own TXT record");
    }

    private @Nullable Suggestion straySpace(String term, String next) {
        boolean open = term.endsWith(":") || term.endsWith("=") || term.endsWith("/") || term.matches("[+?~-]");
        return open && !next.matches("[+?~-]?[a-z]+:.*") && accepted.test(term + next)
                ? new Suggestion(
                        LintRule.STRAY_SPACE,
                        0,
                        term.length() + 1 + next.length(),
                        "a space ends the term here; remove it",
                        write(term + next))
                : null;
    }

    private @Nullable Suggestion runTogether(String term) {
        if (term.length() > LONGEST_TO_SPLIT) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        Matcher borders = ANOTHER_TERM.matcher(term);
        int first = -1;
        while (borders.find()) {
            String part = term.substring(from, borders.start());
            if (accepted.test(part)) {
                parts.add(part);
                from = borders.start();
                first = first < 0 ? from : first;
            }
        }
        String rest = term.substring(from);
        if (parts.isEmpty()) {
            return allAndMore(term);
        }
        parts.add(rest);
        return accepted.test(rest)
                ? new Suggestion(
                        LintRule.MISSING_SPACE,
                        first,
                        first + 1,
                        "missing space between two terms",
                        write(String.join(" ", parts)))
                : null;
    }

    // "-allgoogle-site-verification=...": what follows 'all' is something else altogether.
    private static @Nullable Suggestion allAndMore(String term) {
        Matcher all = Pattern.compile("(?i)([+?~-]all)([A-Za-z_;]{4}.*)").matcher(term);
        return all.matches()
                ? new Suggestion(
                        LintRule.MISSING_SPACE,
                        all.start(2),
                        all.end(2),
                        "other text follows \"" + all.group(1) + "\" without a space",
                        endWith(all.group(1)) + ", and publish the rest as its own TXT record if it is needed")
                : null;
    }

    private @Nullable Suggestion name(String term) {
        Matcher named = Pattern.compile("([+?~-]?)([A-Za-z][A-Za-z0-9_-]*)(?:([:=.])(.*))?")
                .matcher(term);
        if (!named.matches()) {
            return null;
        }
        String qualifier = named.group(1);
        String name = named.group(2).toLowerCase(Locale.ROOT);
        String argument = named.group(4) == null ? "" : named.group(4);
        String separator = named.group(3) == null ? "" : named.group(3);
        boolean mechanism = MECHANISMS.contains(name);
        boolean modifier = MODIFIERS.contains(name);
        boolean dotted =
                separator.equals(".") && List.of("include", "ip4", "ip6").contains(name);
        if (dotted || separator.equals("=") && mechanism || separator.equals(":") && modifier) {
            String right = (mechanism ? qualifier : "") + name + (mechanism ? ":" : "=") + argument;
            String why = dotted
                    ? "mechanisms require a colon"
                    : mechanism
                            ? "\"" + name
                                    + "=\" is an unknown modifier, which receivers ignore; mechanisms require a colon"
                            : "\"" + name + "\" is a modifier, which requires an equals sign";
            return accepted.test(right)
                    ? new Suggestion(LintRule.WRONG_SEPARATOR, named.start(3), named.end(3), why, write(right))
                    : null;
        }
        String meant = mechanism || modifier ? null : meant(name, argument);
        if (meant == null) {
            return null;
        }
        String right = MODIFIERS.contains(meant)
                ? meant + "=" + argument
                : qualifier + meant + (argument.isEmpty() ? "" : ":" + argument);
        return accepted.test(right)
                ? new Suggestion(
                        LintRule.MISSPELLED_TERM,
                        named.start(2),
                        named.end(2),
                        "unknown " + (separator.equals("=") ? "modifier" : "mechanism") + " \"" + named.group(2) + "\"",
                        write(right))
                : null;
    }

    private static @Nullable String meant(String name, String argument) {
        if (name.matches("ip|ipv|ipv4|ipv6|ip-?v?[46]|ip-addr|ipaddress|i[46]|pi[46]")) {
            return argument.contains(":") ? "ip6" : "ip4";
        }
        // Nothing is near to "report" and similar words; a lone "mail" is a host, not an "all".
        if (argument.isEmpty()) {
            return TermSpelling.nearest(name, List.of("all", "ptr", "mx"));
        }
        return TermSpelling.nearest(name, List.of("include", "ip4", "ip6", "exists", "ptr", "redirect"));
    }

    private @Nullable Suggestion bareValue(String term) {
        String value = term.replaceFirst("^[+?~-]", "");
        String qualifier = term.substring(0, term.length() - value.length());
        for (String mechanism : List.of("ip4", "ip6")) {
            String right = qualifier + mechanism + ":" + value;
            if (accepted.test(right)) {
                return whole(LintRule.BARE_VALUE, term, "missing mechanism before the address", write(right));
            }
        }
        boolean host = value.matches("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)++") && accepted.test("include:" + value);
        return host
                ? whole(
                        LintRule.BARE_VALUE,
                        term,
                        "missing mechanism before the name",
                        "write \"include:" + value + "\" for the senders of its SPF record, or \"a:" + value
                                + "\" for its own addresses")
                : null;
    }
}

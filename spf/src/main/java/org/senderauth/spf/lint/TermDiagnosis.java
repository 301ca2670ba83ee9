package org.senderauth.spf.lint;

import static org.senderauth.spf.lint.Diagnosis.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a term that the grammar refuses was meant to be. The mistakes are those that stand in published
 * records; each fix that quotes a term quotes one that the grammar accepts.
 */
final class TermDiagnosis {

    static final List<String> MECHANISMS = List.of("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists");
    private static final List<String> MODIFIERS = List.of("redirect", "exp");

    private static final Pattern NAMED = Pattern.compile("([+?~-]?)([A-Za-z][A-Za-z0-9_-]*)([:=/.])(.*)");
    private static final Pattern ANOTHER_TERM = Pattern.compile(
            "(?<=.)(?=[+?~-]?(?:include:|ip4:|ip6:|exists:|redirect=|exp=|v=spf1|mx:|a:|ptr:|all$)|[+?~-](?:all|a|mx)(?![A-Za-z0-9_-]))",
            Pattern.CASE_INSENSITIVE);
    // Tokens that prove to someone that the domain is one's own, and policies of other kinds.
    private static final Pattern FOREIGN = Pattern.compile(
            "(?i)(?:[a-z][a-z0-9_-]*-(?:verification|site-verification|code)[=:].*|ms=(?:ms)?[0-9a-f]+|v=dmarc1.*|v=dkim1.*|p=(?:none|quarantine|reject).*)");
    private static final int LONGEST_TO_SPLIT = 512;

    private final Predicate<String> accepted;

    /** Uses a parser that says whether a term is one. */
    TermDiagnosis(Predicate<String> accepted) {
        this.accepted = accepted;
    }

    /**
     * What is wrong with a term.
     *
     * @param term the term as it stands in the record, one char an octet
     * @param next the term behind it, empty at the end of the record
     * @return the diagnosis, null if the parser's own words have to do
     */
    @Nullable
    Diagnosis diagnose(String term, String next) {
        Diagnosis odd = OddCharacters.find(term);
        if (odd != null) {
            return odd;
        }
        List<Diagnosis> candidates = new ArrayList<>();
        add(candidates, punctuation(term));
        add(candidates, foreign(term));
        add(candidates, strayBlank(term, next));
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

    /** What is wrong with a term that the grammar takes for a modifier that it does not know; null if nothing is. */
    @Nullable
    Diagnosis diagnoseUnknownModifier(String term) {
        int equals = term.indexOf('=');
        String name = term.substring(0, equals).toLowerCase(Locale.ROOT);
        if (name.equals("v")) {
            return term.equalsIgnoreCase("v=spf1")
                    ? whole(
                            LintRule.SECOND_VERSION,
                            term,
                            "two records were joined into one; this is ignored, and so is all behind the first 'all'",
                            "remove it, and let the record have one 'all' at its end")
                    : foreignOf(term);
        }
        Diagnosis misnamed = name(term);
        if (misnamed != null) {
            return misnamed;
        }
        Diagnosis foreign = foreign(term);
        if (foreign != null) {
            return foreign;
        }
        // RFC 6652 section 3 registers these.
        if (List.of("ra", "rp", "rr").contains(name)) {
            return null;
        }
        return whole(LintRule.UNKNOWN_MODIFIER, term, "no receiver knows the modifier \"" + name + "\"", "remove it");
    }

    private static void add(List<Diagnosis> candidates, @Nullable Diagnosis found) {
        if (found != null) {
            candidates.add(found);
        }
    }

    private @Nullable Diagnosis punctuation(String term) {
        String bare = term.replaceAll("^[\"'(<,;]+|[\"'.,;)>]+$", "");
        if (bare.equals(term)) {
            return null;
        }
        int start = term.startsWith(bare) ? bare.length() : 0;
        int end = term.startsWith(bare) ? term.length() : term.indexOf(bare);
        if (bare.isEmpty()) {
            return whole(LintRule.STRAY_PUNCTUATION, term, "this is no term", "remove it");
        }
        return accepted.test(bare)
                ? new Diagnosis(
                        LintRule.STRAY_PUNCTUATION,
                        start,
                        end,
                        "terms are separated by blanks alone, without punctuation or quotation marks",
                        write(bare))
                : null;
    }

    private static @Nullable Diagnosis foreign(String term) {
        return FOREIGN.matcher(term).matches() ? foreignOf(term) : null;
    }

    private static Diagnosis foreignOf(String term) {
        return whole(LintRule.FOREIGN_TOKEN, term, "this is not part of SPF", "move it to a TXT record of its own");
    }

    private @Nullable Diagnosis strayBlank(String term, String next) {
        boolean open = term.endsWith(":") || term.endsWith("=") || term.endsWith("/") || term.matches("[+?~-]");
        return open && !next.matches("[+?~-]?[a-z]+:.*") && accepted.test(term + next)
                ? new Diagnosis(
                        LintRule.STRAY_BLANK,
                        0,
                        term.length() + 1 + next.length(),
                        "a blank ends a term, so that this is two, and neither is one",
                        write(term + next))
                : null;
    }

    private @Nullable Diagnosis runTogether(String term) {
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
                ? new Diagnosis(
                        LintRule.MISSING_BLANK,
                        first,
                        first + 1,
                        "a blank is missing between two terms",
                        write(String.join(" ", parts)))
                : null;
    }

    // "-allgoogle-site-verification=...": what follows 'all' is something else altogether.
    private static @Nullable Diagnosis allAndMore(String term) {
        Matcher all = Pattern.compile("(?i)([+?~-]all)([A-Za-z_;]{4}.*)").matcher(term);
        return all.matches()
                ? new Diagnosis(
                        LintRule.MISSING_BLANK,
                        all.start(2),
                        all.end(2),
                        "another text runs into \"" + all.group(1) + "\"",
                        "end the record with \"" + all.group(1)
                                + "\", and publish the rest as a TXT record of its own if it is needed")
                : null;
    }

    private @Nullable Diagnosis name(String term) {
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
                    ? "mechanisms take a colon"
                    : mechanism
                            ? "\"" + name
                                    + "=\" is an unknown modifier, which receivers ignore; mechanisms take a colon"
                            : "\"" + name + "\" is a modifier, which takes an equals sign";
            return accepted.test(right)
                    ? new Diagnosis(LintRule.WRONG_SEPARATOR, named.start(3), named.end(3), why, write(right))
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
                ? new Diagnosis(
                        LintRule.MISSPELT_TERM,
                        named.start(2),
                        named.end(2),
                        "there is no \"" + named.group(2) + "\" in SPF",
                        write(right))
                : null;
    }

    private static @Nullable String meant(String name, String argument) {
        if (name.matches("ip|ipv|ipv4|ipv6|ip-?v?[46]|ip-addr|ipaddress|i[46]|pi[46]")) {
            return argument.contains(":") ? "ip6" : "ip4";
        }
        // "report" and its like are near to nothing; a lone "mail" is a host, not an "all".
        if (argument.isEmpty()) {
            return Spelling.nearest(name, List.of("all", "ptr", "mx"));
        }
        return Spelling.nearest(name, List.of("include", "ip4", "ip6", "exists", "ptr", "redirect"));
    }

    private @Nullable Diagnosis bareValue(String term) {
        String value = term.replaceFirst("^[+?~-]", "");
        String qualifier = term.substring(0, term.length() - value.length());
        for (String mechanism : List.of("ip4", "ip6")) {
            String right = qualifier + mechanism + ":" + value;
            if (accepted.test(right)) {
                return whole(LintRule.BARE_VALUE, term, "an address needs its mechanism", write(right));
            }
        }
        boolean host = value.matches("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+") && accepted.test("include:" + value);
        return host
                ? whole(
                        LintRule.BARE_VALUE,
                        term,
                        "a name needs its mechanism",
                        "write \"include:" + value + "\" for the senders that it lists in its SPF record, or \"a:"
                                + value + "\" for its own addresses")
                : null;
    }

    static String write(String term) {
        return "write \"" + term + "\"";
    }
}

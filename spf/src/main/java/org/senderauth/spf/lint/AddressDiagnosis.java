package org.senderauth.spf.lint;

import static org.senderauth.spf.lint.FixText.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.NetworkSet;

/** Suggests the address that an invalid {@code ip4} or {@code ip6} was meant to have. */
final class AddressDiagnosis {

    private static final Pattern PREFIXED = Pattern.compile("(?i)(include|ip4|ip6|ipv4|ipv6|ip|a|mx):+(.+)");
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){0,2})\\.?/([0-9]{1,2})");
    private static final Pattern MASKED = Pattern.compile("([0-9.]+)/([0-9]{1,3}(?:\\.[0-9]{1,3}){3})");

    private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f.:]+)-([0-9A-Fa-f.:]+)");
    private static final Pattern STARS = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){0,2}(?:\\.\\*){1,3}");

    // Not in the prefix length, where a digit more or less would authorize other clients.
    private static final Pattern LETTERS = Pattern.compile("[0-9OoIl]{1,3}(?:\\.[0-9OoIl]{1,3}){3}(?:/[0-9]{1,2})?");

    /** The maximum number of networks that are suggested for a range. */
    private static final int MOST_TERMS = 8;

    private AddressDiagnosis() {}

    static Suggestion of(
            String term, String qualifier, String name, String argument, int at, Predicate<String> accepted) {
        String start = qualifier + name + ":";
        if (argument.isEmpty()) {
            return bad(term, 0, "missing address", "write it after the colon, or remove the term");
        }
        Matcher doubled = PREFIXED.matcher(argument);
        if (doubled.matches() || argument.startsWith(":") && !argument.startsWith("::")) {
            Suggestion found = doubled(term, start, argument, doubled, at, accepted);
            if (found != null) {
                return found;
            }
        }
        if (argument.matches(".+[,;|].+")) {
            return list(term, start, argument, at, accepted);
        }
        Suggestion range = range(term, start, argument, at, accepted);
        if (range != null) {
            return range;
        }
        String other = qualifier + (name.equals("ip4") ? "ip6" : "ip4") + ":" + argument;
        if (accepted.test(other)) {
            return bad(term, at, "address of the other family", write(other));
        }
        if (name.equals("ip4")) {
            Suggestion ip4 = ip4(term, start, argument, at, accepted);
            if (ip4 != null) {
                return ip4;
            }
        }
        return bad(
                term,
                at,
                name.equals("ip4")
                        ? "not a valid IPv4 network: four numbers from 0 to 255, optionally a prefix length up to /32"
                        : "not a valid IPv6 network: eight groups, or fewer with one \"::\", optionally a prefix length up to /128",
                "write the whole address, as in \"" + start
                        + (name.equals("ip4") ? "192.0.2.0/24\"" : "2001:db8::/32\""));
    }

    private static @Nullable Suggestion doubled(
            String term, String start, String argument, Matcher doubled, int at, Predicate<String> accepted) {
        List<String> meant = new ArrayList<>();
        if (doubled.matches()) {
            String inner = doubled.group(1).toLowerCase(java.util.Locale.ROOT);
            String sign = start.matches("[+?~-].*") ? start.substring(0, 1) : "";
            meant.add(start + doubled.group(2));
            meant.add(sign + inner + ":" + doubled.group(2));
        } else {
            meant.add(start + argument.substring(1));
        }
        for (String right : meant) {
            if (accepted.test(right)) {
                return new Suggestion(
                        LintRule.DOUBLED_PREFIX,
                        at,
                        term.length(),
                        "two mechanisms or two colons in one term",
                        write(right));
            }
        }
        return null;
    }

    private static Suggestion list(String term, String start, String argument, int at, Predicate<String> accepted) {
        List<String> terms = new ArrayList<>();
        for (String each : argument.split("[,;|]+")) {
            String right = each.matches("(?i)[+?~-]?ip[46]:.*") ? each : start + each;
            if (!accepted.test(right)) {
                return bad(term, at, "one network per term", "write one term for each network");
            }
            terms.add(right);
        }
        return bad(term, at, "one network per term", write(String.join(" ", terms)));
    }

    // A range, or a star for its last numbers: exactly these addresses, never a network that is a little wider.
    private static @Nullable Suggestion range(
            String term, String start, String argument, int at, Predicate<String> accepted) {
        String first = argument;
        String last = argument;
        Matcher dashed = RANGE.matcher(argument);
        if (dashed.matches()) {
            first = dashed.group(1);
            last = dashed.group(2).matches("[0-9]{1,3}") && first.contains(".")
                    ? first.substring(0, first.lastIndexOf('.') + 1) + dashed.group(2)
                    : dashed.group(2);
        } else if (STARS.matcher(argument).matches()) {
            first = argument.replace('*', '0');
            last = argument.replace("*", "255");
        } else {
            return null;
        }
        Optional<IpAddress> from = IpAddress.parse(first);
        Optional<IpAddress> to = IpAddress.parse(last);
        if (from.isEmpty() || to.isEmpty()) {
            return null;
        }
        List<String> terms = NetworkSet.range(from.get(), to.get()).networks().stream()
                .map(network ->
                        start + (network.prefix() == network.address().bitLength() ? network.address() : network))
                .toList();
        String reason = "an address range is not allowed; a network has a prefix length";
        boolean usable =
                !terms.isEmpty() && terms.size() <= MOST_TERMS && terms.stream().allMatch(accepted);
        return bad(term, at, reason, usable ? write(String.join(" ", terms)) : "write the networks of this range");
    }

    private static @Nullable Suggestion ip4(
            String term, String start, String argument, int at, Predicate<String> accepted) {
        Matcher masked = MASKED.matcher(argument);
        if (masked.matches()) {
            int length = prefixLength(masked.group(2));
            String right = start + masked.group(1) + "/" + length;
            if (length >= 0 && accepted.test(right)) {
                return bad(term, at + masked.start(2), "a network has a prefix length, not a netmask", write(right));
            }
        }
        Matcher cut = SHORT.matcher(argument);
        if (cut.matches()) {
            StringBuilder whole = new StringBuilder(cut.group(1));
            for (int parts = cut.group(1).split("\\.").length; parts < 4; parts++) {
                whole.append(".0");
            }
            String right = start + whole + "/" + cut.group(2);
            if (accepted.test(right)) {
                return bad(term, at, "an IPv4 address has four numbers", write(right));
            }
        }
        String plain = start + argument.replaceAll("(?<![0-9])0+(?=[0-9])", "");
        if (accepted.test(plain)) {
            return bad(term, at, "leading zeros are not allowed", write(plain));
        }
        if (LETTERS.matcher(argument).matches()) {
            String digits = start + argument.replaceAll("[Oo]", "0").replaceAll("[Il]", "1");
            if (accepted.test(digits)) {
                return bad(term, at, "a letter in place of a digit", write(digits));
            }
        }
        Matcher name = Pattern.compile("[0-9_.-]*[A-Za-z][A-Za-z0-9_.-]*").matcher(argument);
        String right = start.replaceFirst("(?i)ip4:", "a:") + argument;
        boolean number = argument.matches("[0-9]{1,3}\\.[0-9]{1,3}\\..*");
        return name.matches() && !number && accepted.test(right)
                ? bad(term, at, "a domain name, not an address", write(right))
                : null;
    }

    private static int prefixLength(String mask) {
        long bits = 0;
        for (String part : mask.split("\\.")) {
            int octet = Integer.parseInt(part);
            if (octet > 255) {
                return -1;
            }
            bits = bits << 8 | octet;
        }
        int length = Long.bitCount(bits);
        return bits == (0xFFFFFFFFL << 32 - length & 0xFFFFFFFFL) ? length : -1;
    }

    private static Suggestion bad(String term, int from, String reason, String fix) {
        return new Suggestion(LintRule.BAD_ADDRESS, from, term.length(), reason, fix);
    }
}

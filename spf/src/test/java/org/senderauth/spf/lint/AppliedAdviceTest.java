package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.xbill.DNS.Type;

/** Applies each fix to its record, and compares who passes: no advice of the linter authorizes another client. */
class AppliedAdviceTest {

    private static final DnsClient DNS = ZoneDnsClient.builder().text("""
                    $TTL 60
                    d.example.     A 192.0.2.1
                    d.example.     MX 10 both.example.
                    both.example.  A 192.0.2.1
                    both.example.  AAAA 2001:db8::1
                    four.example.  A 192.0.2.130
                    null.example.  MX 0 .
                    i1.example.    TXT "v=spf1 ip4:192.0.2.0/25 -all"
                    i2.example.    TXT "v=spf1 -ip4:192.0.2.1 a:four.example ?all"
                    i3.example.    TXT "v=spf1 +all"
                    i4.example.    TXT "v=spf1 -all"
                    i5.example.    TXT "v=spf1 a:both.example redirect=i2.example"
                    """).build();
    private static final String OWN = "d.example";
    private static final String INCLUDED = "sub.d.example";

    // Public addresses, since the linter calls private networks superfluous. The last three are in no network of the
    // terms
    // below but in the widest.
    private static final String[] CLIENTS = {
        "192.0.2.1",
        "192.0.2.5",
        "192.0.2.130",
        "192.0.2.200",
        "2001:db8::1",
        "2001:db8::5",
        "198.51.100.7",
        "203.0.113.7",
        "2001:db8:ffff::7"
    };
    private static final int OTHERS_FROM = 6;

    private static final String[] TERMS = {
        "ip4:192.0.2.0/24",
        "ip4:192.0.2.5/24",
        "ip4:192.0.2.128/25",
        "ip4:192.0.2.1",
        "ip4:0.0.0.0/1",
        "ip4:128.0.0.0/1",
        "ip4:10.0.0.0/8",
        "ip6:2001:db8::/64",
        "ip6:2001:db8::1",
        "ip6:2001:db8::1/64",
        "a",
        "a:d.example",
        "a:%{d}",
        "a/32",
        "a:both.example",
        "a:four.example/24",
        "a:none.example",
        "a:x..d.example",
        "mx",
        "mx:d.example",
        "mx:null.example",
        "ptr",
        "exists:both.example",
        "exists:none.example",
        "exists:%{i}.none.example",
        "exists:%{d2}",
        "include:i1.example",
        "include:i2.example",
        "include:i3.example",
        "include:i4.example",
        "include:i5.example",
        "all"
    };
    private static final String[] BROKEN = {
        "ipv4:192.0.2.1",
        "ip4=192.0.2.0/24",
        "ip4:192.0.2.O",
        "ip4:192.0.2.1-192.0.2.6",
        "ip4:192.0.2.*",
        "ip4:192.0.2/24",
        "ip4:192.0.2.0/255.255.255.0",
        "ip4:192.0.2.1,192.0.2.130",
        "ip4:2001:db8::1",
        "192.0.2.1",
        "include:\"i1.example\"",
        "include:<i1.example>",
        "include:i1.example,i4.example",
        "include:i1.example-all",
        "inlcude:i1.example",
        "include: i1.example",
        "include:include:i1.example",
        "include:none.example",
        "a:both.example:25",
        "a:both.example/33",
        "a=both.example",
        "al",
        "all;",
        "- all",
        "\u2212all",
        "redirect:i1.example",
        "v=spf1"
    };

    @Property(tries = 1_000)
    void neverAuthorizesMore(@ForAll long seed) throws UnknownHostException {
        check(record(new Random(seed)));
    }

    @Test
    void appliesMostRules() throws UnknownHostException {
        Set<LintRule> applied = EnumSet.noneOf(LintRule.class);
        for (int seed = 0; seed < 1_500; seed++) {
            applied.addAll(check(record(new Random(seed))));
        }
        assertThat(applied)
                .contains(
                        LintRule.BAD_ADDRESS,
                        LintRule.BAD_NAME,
                        LintRule.BARE_VALUE,
                        LintRule.DOUBLED_PREFIX,
                        LintRule.DUPLICATE_TERM,
                        LintRule.EMPTY_INCLUDE,
                        LintRule.HOST_BITS,
                        LintRule.INVALID_CHARACTER,
                        LintRule.MISSPELLED_TERM,
                        LintRule.MODIFIER_ORDER,
                        LintRule.NEUTRAL_ALL,
                        LintRule.NO_ALL,
                        LintRule.OVERLAPPING_NETWORK,
                        LintRule.REDIRECT_BESIDE_ALL,
                        LintRule.SECOND_VERSION,
                        LintRule.SHADOWED_NETWORK,
                        LintRule.STRAY_PUNCTUATION,
                        LintRule.STRAY_SPACE,
                        LintRule.TERM_AFTER_ALL,
                        LintRule.UNRESOLVABLE_INCLUDE,
                        LintRule.UNRESOLVABLE_NAME,
                        LintRule.WRONG_SEPARATOR);
    }

    // Returns the rules whose fixes were applied: to the domain's own record, or to one that it includes.
    private static Set<LintRule> check(String record) throws UnknownHostException {
        Set<LintRule> applied = check(record, "");
        if (!octets(record).equals(record)) {
            return applied;
        }
        for (String sign : new String[] {"", "-", "?"}) {
            check(record, "v=spf1 " + sign + "include:" + INCLUDED + " ip4:192.0.0.0/8 -all");
        }
        return applied;
    }

    private static Set<LintRule> check(String record, String outer) throws UnknownHostException {
        Set<LintRule> applied = EnumSet.noneOf(LintRule.class);
        List<SpfVerdict> before = verdicts(octets(record), outer);
        SpfLinter linter = SpfLinter.of(with(record));
        for (LintFinding finding :
                linter.lintDraft(OWN, outer.isEmpty() ? record : outer).findings()) {
            if (!finding.record().equals(octets(record))) {
                continue;
            }
            List<SpfVerdict> without = verdicts(replaced(finding, ""), outer);
            for (String fixed : fixed(finding)) {
                applied.add(finding.rule());
                List<SpfVerdict> after = verdicts(fixed, outer);
                for (int i = 0; i < CLIENTS.length; i++) {
                    assertThat(after.get(i) == SpfVerdict.PASS && !mayPass(finding, before.get(i), without.get(i), i))
                            .as("%s passes\nbefore: %s\nafter:  %s\n%s\n%s", CLIENTS[i], record, fixed, outer, finding)
                            .isFalse();
                }
            }
        }
        return applied;
    }

    private static DnsClient with(String included) {
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text(INCLUDED + ". 60 TXT \"" + included.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .build();
        return (name, type) -> type == Type.TXT && name.equals(DomainNames.of(INCLUDED))
                ? zone.query(name, type)
                : DNS.query(name, type);
    }

    // A broken term, or one that receivers ignore, was meant to authorize someone: never the last clients, unless
    // the other terms do already.
    private static boolean mayPass(LintFinding finding, SpfVerdict before, SpfVerdict withoutTerm, int client) {
        boolean ignored = finding.rule() == LintRule.WRONG_SEPARATOR || finding.rule() == LintRule.MISSPELLED_TERM;
        return before == SpfVerdict.PASS
                || (before == SpfVerdict.PERMERROR || ignored)
                        && (client < OTHERS_FROM
                                || withoutTerm == SpfVerdict.PASS
                                || withoutTerm == SpfVerdict.PERMERROR);
    }

    private static List<SpfVerdict> verdicts(String record, String outer) throws UnknownHostException {
        SpfVerifier verifier = SpfVerifier.builder().dns(with(record)).build();
        List<SpfVerdict> verdicts = new ArrayList<>();
        for (String client : CLIENTS) {
            SpfQuery query = SpfQuery.mailFrom(InetAddress.getByName(client), "user@" + OWN, "helo.example");
            verdicts.add(verifier.verifyRecord(query, outer.isEmpty() ? record : outer)
                    .verdict());
        }
        return verdicts;
    }

    private static String octets(String record) {
        return new String(record.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    // The records that a reader of a fix may write; none if it leaves the work to the reader.
    private static List<String> fixed(LintFinding finding) {
        String fix = finding.fix();
        List<String> records = new ArrayList<>();
        if (fix.matches("remove it.*|remove the term.*|.*, or remove (?:it|the term)")) {
            records.add(replaced(finding, ""));
        }
        Matcher quoted = Pattern.compile("\"([^\"]+)\"").matcher(fix);
        if (fix.matches("(?:write|retype) \".*")) {
            while (quoted.find()) {
                records.add(replaced(finding, quoted.group(1)));
            }
        } else if (fix.startsWith("move it before ") && quoted.find()) {
            records.add(replaced(finding, "")
                    .replaceFirst(
                            Pattern.quote(quoted.group(1)),
                            Matcher.quoteReplacement(word(finding) + " " + quoted.group(1))));
        } else if (fix.startsWith("move it to the end")) {
            records.add(replaced(finding, "") + " " + word(finding));
        } else if (fix.startsWith("insert a space before") && quoted.find()) {
            records.add(replaced(finding, word(finding).replace(quoted.group(1), " " + quoted.group(1))));
        } else if (fix.startsWith("end the record with ")) {
            while (quoted.find()) {
                // A valid "all" is where the record ends, whatever follows it.
                if (finding.span().isPresent() && word(finding).matches("(?i)[+?~-]?all")) {
                    records.add(replaced(finding, quoted.group(1)));
                    continue;
                }
                String ended = finding.span().isPresent() ? replaced(finding, "") : finding.record();
                records.add(ended + " " + quoted.group(1));
            }
        }
        return records;
    }

    private static String word(LintFinding finding) {
        return finding.record().substring(start(finding), end(finding));
    }

    private static String replaced(LintFinding finding, String term) {
        String record = finding.record();
        if (finding.span().isEmpty()) {
            return record;
        }
        return record.substring(0, start(finding)) + term + record.substring(end(finding));
    }

    private static int start(LintFinding finding) {
        int at = finding.span().orElseThrow().start();
        return finding.record().lastIndexOf(' ', at) + 1;
    }

    private static int end(LintFinding finding) {
        int end = finding.record().indexOf(' ', finding.span().orElseThrow().end() - 1);
        return end < 0 ? finding.record().length() : end;
    }

    private static String record(Random random) {
        StringJoiner record = new StringJoiner(" ");
        record.add("v=spf1");
        int broken = random.nextInt(3);
        for (int i = random.nextInt(5); i >= 0; i--) {
            if (broken == 1 && i == 0) {
                record.add(pick(random, BROKEN));
            }
            if (random.nextInt(8) == 0) {
                record.add("redirect=" + pick(random, "i1.example", "i2.example", "i5.example"));
            }
            record.add(pick(random, "", "", "", "-", "~", "?") + pick(random, TERMS));
        }
        if (random.nextInt(3) > 0) {
            record.add(pick(random, "-all", "~all", "?all", "all"));
        }
        return record.toString();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}

package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.Term;

/** What the networks of one record say: each by itself, and each beside the earlier ones. */
final class NetworkRules {

    /** Shorter prefixes are called wide: no sender among 25,000 published records needs one. */
    static final int WIDE_IP4 = 12;

    /** The same for IPv6; large providers publish /24 and longer. */
    static final int WIDE_IP6 = 20;

    /** Most networks of a record that are compared with each other; a record of 64 KiB could hold thousands. */
    private static final int MOST_COMPARED = 1000;

    /** A network whose addresses are no clients on the Internet, by the IANA registries of special addresses. */
    private record Special(IpNetwork network, String what) {}

    private static final List<Special> SPECIAL = List.of(
            special("0.0.0.0", 8, "\"this network\", no client's address"),
            special("10.0.0.0", 8, "a private network (RFC 1918)"),
            special("100.64.0.0", 10, "carrier-grade NAT (RFC 6598)"),
            special("127.0.0.0", 8, "loopback"),
            special("169.254.0.0", 16, "link-local"),
            special("172.16.0.0", 12, "a private network (RFC 1918)"),
            special("192.168.0.0", 16, "a private network (RFC 1918)"),
            special("224.0.0.0", 4, "multicast"),
            special("240.0.0.0", 4, "reserved"),
            special("::1", 128, "loopback"),
            special("::", 128, "the unspecified address"),
            special("fc00::", 7, "a private network (RFC 4193)"),
            special("fe80::", 10, "link-local"),
            special("ff00::", 8, "multicast"));

    /** IPv4-mapped clients are checked as IPv4 clients (section 5), so that no ip6 term matches them. */
    private static final IpNetwork MAPPED = new IpNetwork(new IpAddress(false, 0, 0xffff_0000_0000L), 96);

    private record Listed(IpNetwork network, Qualifier qualifier, Term term) {}

    private NetworkRules() {}

    static void check(SpfParse parse, RecordFindings findings) {
        List<Listed> earlier = new ArrayList<>();
        for (Term term : parse.terms()) {
            if (term instanceof Mechanism.All) {
                return;
            }
            Listed listed = listed(term);
            if (listed == null) {
                continue;
            }
            checkOne(listed, term.span(), findings);
            if (earlier.size() < MOST_COMPARED) {
                compare(listed, earlier, parse.text(), findings);
                earlier.add(listed);
            }
        }
    }

    private static @Nullable Listed listed(Term term) {
        if (term instanceof Mechanism.Ip4 ip4) {
            return new Listed(ip4.network(), ip4.qualifier(), term);
        }
        return term instanceof Mechanism.Ip6 ip6 ? new Listed(ip6.network(), ip6.qualifier(), term) : null;
    }

    private static void checkOne(Listed listed, Span span, RecordFindings findings) {
        IpNetwork network = listed.network();
        String mechanism = network.address().isIp4() ? "ip4:" : "ip6:";
        if (!network.canonical().equals(network)) {
            findings.add(
                    LintRule.HOST_BITS,
                    span,
                    "this is all of " + network.canonical() + ", not only " + network.address(),
                    "write \"" + mechanism + network.canonical() + "\" if the network is meant, \"" + mechanism
                            + network.address() + "\" if the host is");
        }
        if (network.prefix() == 0) {
            if (listed.qualifier() == Qualifier.PASS) {
                findings.add(
                        LintRule.PASSES_EVERYBODY,
                        span,
                        "a length of 0 makes this every address of its family",
                        "write the length of the network that sends mail");
            }
            return;
        }
        for (Special special : SPECIAL) {
            if (special.network().contains(network)) {
                findings.add(
                        LintRule.SPECIAL_NETWORK,
                        span,
                        special.what() + ": no receiver on the Internet sees such a client",
                        "replace it by the address that mail leaves from, or remove it");
                return;
            }
        }
        if (!network.address().isIp4() && MAPPED.contains(network)) {
            findings.add(
                    LintRule.SPECIAL_NETWORK,
                    span,
                    "an IPv4-mapped address: such a client is checked as an IPv4 client, which no ip6 term matches",
                    "write the IPv4 address with ip4");
            return;
        }
        if (network.prefix() < (network.address().isIp4() ? WIDE_IP4 : WIDE_IP6)) {
            findings.add(
                    LintRule.WIDE_NETWORK,
                    span,
                    "a network this wide belongs to many; all of them may send in this domain's name",
                    "write the length of the network that sends mail");
        }
    }

    private static void compare(Listed listed, List<Listed> earlier, String text, RecordFindings findings) {
        for (Listed other : earlier) {
            boolean sameVerdict = other.qualifier() == listed.qualifier();
            String otherText = other.term().span().of(text);
            if (other.network().canonical().equals(listed.network().canonical())) {
                findings.add(
                        sameVerdict ? LintRule.DUPLICATE_TERM : LintRule.SHADOWED_NETWORK,
                        listed.term().span(),
                        "the same network as \"" + otherText + "\""
                                + (sameVerdict ? "" : ", which comes first, so that this never matches"),
                        "remove one of the two");
                return;
            }
            if (other.network().contains(listed.network())) {
                findings.add(
                        sameVerdict ? LintRule.OVERLAPPING_NETWORK : LintRule.SHADOWED_NETWORK,
                        listed.term().span(),
                        "it lies within \"" + otherText + "\""
                                + (sameVerdict ? "" : ", which comes first, so that this never matches"),
                        sameVerdict ? "remove it" : "move it in front of \"" + otherText + "\"");
                return;
            }
            // The other way round, a different qualifier makes a deliberate exception.
            if (sameVerdict && listed.network().contains(other.network())) {
                findings.add(
                        LintRule.OVERLAPPING_NETWORK,
                        other.term().span(),
                        "it lies within \"" + listed.term().span().of(text) + "\"",
                        "remove it");
            }
        }
    }

    private static Special special(String address, int prefix, String what) {
        return new Special(new IpNetwork(IpAddress.parse(address).orElseThrow(), prefix), what);
    }
}

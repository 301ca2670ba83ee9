package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;

/** Checks the networks of one record: each alone, and each with the earlier ones. */
final class NetworkRules {

    /** Shorter prefixes are wide: no sender among 25,000 published records needs one. */
    static final int WIDE_IP4 = 12;

    /** The same for IPv6; large providers publish /24 and longer. */
    static final int WIDE_IP6 = 20;

    /** The maximum number of networks that are compared; a record of 64 KiB could contain thousands. */
    private static final int MOST_COMPARED = 1000;

    /** A network without public clients, by the IANA registries of special addresses. */
    private record Special(IpNetwork network, String what) {}

    private static final List<Special> SPECIAL = List.of(
            special("0.0.0.0", 8, "\"this network\" (RFC 1122)"),
            special("10.0.0.0", 8, "private or reserved address (RFC 1918)"),
            special("100.64.0.0", 10, "shared address of carrier-grade NAT (RFC 6598)"),
            special("127.0.0.0", 8, "loopback address"),
            special("169.254.0.0", 16, "link-local address"),
            special("172.16.0.0", 12, "private or reserved address (RFC 1918)"),
            special("192.168.0.0", 16, "private or reserved address (RFC 1918)"),
            special("224.0.0.0", 4, "multicast address"),
            special("240.0.0.0", 4, "reserved address"),
            special("::1", 128, "loopback address"),
            special("::", 128, "unspecified address"),
            special("fc00::", 7, "private address (RFC 4193)"),
            special("fe80::", 10, "link-local address"),
            special("ff00::", 8, "multicast address"));

    /** IPv4-mapped clients are checked as IPv4 clients (section 5), and no ip6 term matches them. */
    private static final IpNetwork MAPPED = new IpNetwork(new IpAddress(false, 0, 0xffff_0000_0000L), 96);

    /**
     * A network of the record.
     *
     * @param others how many terms with another qualifier are before it
     */
    private record Listed(IpNetwork network, Qualifier qualifier, Term term, int others) {}

    private NetworkRules() {}

    static void check(SpfParseResult parse, RecordFindings findings) {
        List<Listed> earlier = new ArrayList<>();
        NetworkSet passing = NetworkSet.EMPTY;
        NetworkSet excepted = NetworkSet.EMPTY;
        Map<Qualifier, Integer> seen = new EnumMap<>(Qualifier.class);
        int all = 0;
        for (Term term : parse.terms()) {
            if (term instanceof Mechanism.All) {
                return;
            }
            Listed listed = null;
            if (term instanceof Mechanism mechanism) {
                listed = listed(mechanism, all - seen.getOrDefault(mechanism.qualifier(), 0));
                seen.merge(mechanism.qualifier(), 1, Integer::sum);
                all++;
            }
            if (listed == null) {
                continue;
            }
            checkOne(listed, term.span(), findings);
            if (earlier.size() < MOST_COMPARED) {
                compare(listed, earlier, parse.text(), findings);
                earlier.add(listed);
                NetworkSet own = NetworkSet.of(List.of(listed.network()));
                if (listed.qualifier() != Qualifier.PASS) {
                    excepted = excepted.plus(own);
                } else if (!own.minus(excepted).isEmpty()) {
                    passing = together(listed, passing, findings);
                }
            }
        }
    }

    // 0.0.0.0/1 and 128.0.0.0/1: each is only wide, both are everything.
    private static NetworkSet together(Listed listed, NetworkSet passing, RecordFindings findings) {
        NetworkSet all = passing.plus(NetworkSet.of(List.of(listed.network())));
        boolean ip4 = listed.network().address().isIp4();
        if (all.isEverything(ip4)
                && !passing.isEverything(ip4)
                && listed.network().prefix() > 0) {
            findings.add(
                    LintRule.ALLOWS_EVERYONE,
                    listed.term().span(),
                    "with the networks before it, this is every " + (ip4 ? "IPv4" : "IPv6") + " address",
                    "list only the networks that send mail");
        }
        return all;
    }

    private static @Nullable Listed listed(Mechanism term, int others) {
        if (term instanceof Mechanism.Ip4 ip4) {
            return new Listed(ip4.network(), ip4.qualifier(), term, others);
        }
        return term instanceof Mechanism.Ip6 ip6 ? new Listed(ip6.network(), ip6.qualifier(), term, others) : null;
    }

    private static void checkOne(Listed listed, Span span, RecordFindings findings) {
        IpNetwork network = listed.network();
        String sign = listed.qualifier() == Qualifier.PASS
                ? ""
                : String.valueOf(listed.qualifier().sign());
        boolean authorizes = listed.qualifier() == Qualifier.PASS && findings.grants();
        String mechanism = sign + (network.address().isIp4() ? "ip4:" : "ip6:");
        if (!network.canonical().equals(network)) {
            findings.add(
                    LintRule.HOST_BITS,
                    span,
                    "host bits set: this matches " + network.canonical() + ", not just " + network.address(),
                    // A narrower exception would authorize more clients.
                    "write \"" + mechanism + network.canonical() + "\" for the network"
                            + (authorizes ? ", \"" + mechanism + network.address() + "\" for the host" : ""));
        }
        if (network.prefix() == 0) {
            if (listed.qualifier() == Qualifier.PASS) {
                findings.add(
                        LintRule.ALLOWS_EVERYONE,
                        span,
                        "prefix length 0 matches every " + (network.address().isIp4() ? "IPv4" : "IPv6") + " address",
                        "write the prefix length of the network that sends mail");
            }
            return;
        }
        for (Special special : SPECIAL) {
            if (special.network().contains(network)) {
                findings.add(
                        LintRule.SPECIAL_NETWORK,
                        span,
                        special.what() + "; no public receiver sees it",
                        authorizes ? "replace it with the public address that sends mail, or remove it" : "remove it");
                return;
            }
        }
        if (!network.address().isIp4() && MAPPED.contains(network)) {
            findings.add(
                    LintRule.SPECIAL_NETWORK,
                    span,
                    "IPv4-mapped address: such a client is checked as an IPv4 client, which no ip6 term matches",
                    "write the IPv4 address with ip4");
            return;
        }
        if (listed.qualifier() == Qualifier.PASS
                && network.prefix() < (network.address().isIp4() ? WIDE_IP4 : WIDE_IP6)) {
            findings.add(
                    LintRule.WIDE_NETWORK,
                    span,
                    "this /" + network.prefix() + " covers many organizations, all of which could send as this domain",
                    "write the prefix length of the network that sends mail");
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
                        "same network as \"" + otherText + "\""
                                + (sameVerdict ? "" : ", which comes first: this term never matches"),
                        "remove it");
                return;
            }
            if (other.network().contains(listed.network())) {
                findings.add(
                        sameVerdict ? LintRule.OVERLAPPING_NETWORK : LintRule.SHADOWED_NETWORK,
                        listed.term().span(),
                        "within \"" + otherText + "\""
                                + (sameVerdict ? "" : ", which comes first: this term never matches"),
                        // Moved forward, it would authorize clients that the record does not.
                        sameVerdict || listed.qualifier() == Qualifier.PASS || !findings.grants()
                                ? "remove it"
                                : "move it before \"" + otherText + "\"");
                return;
            }
            // The other way around, a different qualifier makes a deliberate exception. So does one between two equal
            // ones: without the first, it would decide for the first's clients.
            if (sameVerdict
                    && other.others() == listed.others()
                    && listed.network().contains(other.network())) {
                findings.add(
                        LintRule.OVERLAPPING_NETWORK,
                        other.term().span(),
                        "within \"" + listed.term().span().of(text) + "\"",
                        "remove it");
            }
        }
    }

    private static Special special(String address, int prefix, String what) {
        return new Special(new IpNetwork(IpAddress.parse(address).orElseThrow(), prefix), what);
    }
}

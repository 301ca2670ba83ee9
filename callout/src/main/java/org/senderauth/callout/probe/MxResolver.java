package org.senderauth.callout.probe;

import static java.util.Comparator.comparingInt;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.MxTargets.Found;
import org.senderauth.callout.probe.MxTargets.None;
import org.senderauth.callout.probe.MxTargets.Target;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Finds the mail servers of a domain by RFC 5321 section 5.1 and RFC 7505, without addresses that a probe must not connect
 * to. Thread-safe; blocks during DNS queries.
 */
final class MxResolver {

    /** The maximum number of network addresses that one probe tries. */
    static final int MAX_TARGETS = 3;

    /** The maximum number of these for one host, so another host is tried as well. */
    static final int MAX_TARGETS_PER_HOST = 2;

    /** The maximum number of addresses that are considered where the first ones are known not to respond. */
    static final int MAX_CANDIDATES = 12;

    /** The maximum number of hosts whose addresses are looked up, should the first ones have none. */
    static final int MAX_HOSTS_LOOKED_UP = 6;

    private final DnsClient dns;
    private final AddressFilter filter;
    private final Set<InetAddress> ownAddresses;
    private final int port;
    private final Random random;

    MxResolver(DnsClient dns, AddressFilter filter, Set<InetAddress> ownAddresses, int port, Random random) {
        this.dns = dns;
        this.filter = filter;
        this.ownAddresses = Set.copyOf(ownAddresses);
        this.port = port;
        this.random = random;
    }

    /** A host that should accept the domain's mail. */
    private record Host(Name name, int preference) {}

    /** An address of such a host that may be connected to. */
    private record Candidate(Host host, InetAddress address) {}

    /**
     * Finds the mail servers.
     *
     * @param domain the domain of an address, not an address literal
     * @param whole the deadline of the lookups
     */
    MxTargets find(String domain, Deadline whole) {
        return find(domain, whole, new Most(MAX_TARGETS, MAX_TARGETS_PER_HOST));
    }

    /** The same with up to {@value #MAX_CANDIDATES} addresses, of one host or of several. */
    MxTargets findMore(String domain, Deadline whole) {
        return find(domain, whole, new Most(MAX_CANDIDATES, MAX_CANDIDATES));
    }

    /** The number of addresses to find. */
    private record Most(int targets, int hostRate) {}

    private MxTargets find(String domain, Deadline whole, Most most) {
        Name name = DomainNames.parse(domain).orElse(null);
        if (name == null) {
            return new None(CalloutReason.NO_SUCH_DOMAIN, null, "not a domain name: " + SafeText.ascii(domain));
        }
        DnsAnswer answer = await(dns.query(name, Type.MX), whole);
        if (answer instanceof NoSuchDomain none) {
            return new None(CalloutReason.NO_SUCH_DOMAIN, ttl(none.soaOwner(), none.ttl()), domain + " does not exist");
        }
        if (answer instanceof Unavailable trouble) {
            return unavailable("MX of " + domain, trouble);
        }
        if (answer instanceof Records mx) {
            List<Host> hosts = hosts(mx);
            if (hosts.isEmpty()) {
                // "." alone, the null MX of RFC 7505 section 3.
                return new None(CalloutReason.NULL_MX, Duration.ofSeconds(mx.ttl()), domain + " has a null MX");
            }
            return addresses(hosts, Duration.ofSeconds(mx.ttl()), whole, most);
        }
        // "If an empty list of MXs is returned, the address is treated as if it was associated with an implicit MX RR,
        // with a preference of 0, pointing to that host." (RFC 5321 section 5.1)
        NoData noMx = (NoData) answer;
        return addresses(List.of(new Host(name, 0)), ttl(noMx.soaOwner(), noMx.ttl()), whole, most);
    }

    // Best preference first, hosts of the same preference in random order (RFC 5321 section 5.1).
    private List<Host> hosts(Records mx) {
        List<Host> hosts = new ArrayList<>();
        for (Record record : mx.records()) {
            MXRecord exchange = (MXRecord) record;
            if (!exchange.getTarget().equals(Name.root)) {
                hosts.add(new Host(exchange.getTarget(), exchange.getPriority()));
            }
        }
        Collections.shuffle(hosts, random);
        hosts.sort(comparingInt(Host::preference));
        // A copy, so the probe does not keep the others, of which a domain may have hundreds.
        return List.copyOf(hosts.subList(0, Math.min(hosts.size(), MAX_HOSTS_LOOKED_UP)));
    }

    private MxTargets addresses(List<Host> hosts, @Nullable Duration ttl, Deadline whole, Most most) {
        List<Candidate> candidates = new ArrayList<>();
        Unavailable trouble = null;
        boolean refused = false;
        for (Host host : hosts) {
            if (candidates.size() >= most.targets) {
                break;
            }
            CompletionStage<DnsAnswer> ipv4 = dns.query(host.name, Type.A);
            CompletionStage<DnsAnswer> ipv6 = dns.query(host.name, Type.AAAA);
            List<InetAddress> found = new ArrayList<>();
            for (DnsAnswer answer : List.of(await(ipv4, whole), await(ipv6, whole))) {
                if (answer instanceof Records records) {
                    found.addAll(inRandomOrder(records));
                } else if (answer instanceof Unavailable unavailable) {
                    trouble = unavailable;
                }
            }
            if (found.stream().anyMatch(ownAddresses::contains)) {
                // A host drops itself and all hosts that are not preferred over it (RFC 5321 section 5.1, on mail
                // loops).
                candidates.removeIf(candidate -> candidate.host.preference >= host.preference);
                return candidates.isEmpty()
                        ? new None(CalloutReason.SELF_MX, null, "mail goes to this host: " + text(host))
                        : found(candidates, hosts);
            }
            List<InetAddress> allowed = found.stream().filter(filter::allows).toList();
            refused |= allowed.size() < found.size();
            allowed.stream()
                    .limit(Math.min(most.hostRate, most.targets - candidates.size()))
                    .forEach(address -> candidates.add(new Candidate(host, address)));
        }
        if (!candidates.isEmpty()) {
            return found(candidates, hosts);
        }
        if (trouble != null) {
            return unavailable("the addresses of the mail servers", trouble);
        }
        return refused
                ? new None(CalloutReason.MX_NOT_PUBLIC, ttl, "the mail servers have no public address")
                : new None(CalloutReason.NO_MAIL_HOST, ttl, "there is no mail server with an address");
    }

    private Found found(List<Candidate> candidates, List<Host> hosts) {
        int best = hosts.get(0).preference;
        return new Found(candidates.stream()
                .map(candidate -> new Target(
                        text(candidate.host),
                        new InetSocketAddress(candidate.address, port),
                        candidate.host.preference > best))
                .toList());
    }

    // The address bytes alone: a host name in it could be looked up again.
    private List<InetAddress> inRandomOrder(Records records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records.records()) {
            if (record instanceof ARecord a) {
                addresses.add(a.getAddress());
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(aaaa.getAddress());
            }
        }
        Collections.shuffle(addresses, random);
        return addresses;
    }

    private static DnsAnswer await(CompletionStage<DnsAnswer> stage, Deadline whole) {
        try {
            return stage.toCompletableFuture().get(whole.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Unavailable(Unavailable.Cause.TIMEOUT, "no response before the deadline of the probe");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable(Unavailable.Cause.NETWORK, "interrupted");
        } catch (ExecutionException e) {
            return new Unavailable(Unavailable.Cause.NETWORK, "the DNS client failed");
        }
    }

    private static None unavailable(String what, Unavailable trouble) {
        return new None(CalloutReason.DNS_TEMPFAIL, null, "no response for " + what + ": " + trouble.detail());
    }

    private static @Nullable Duration ttl(@Nullable Name soaOwner, long seconds) {
        return soaOwner == null ? null : Duration.ofSeconds(seconds);
    }

    private static String text(Host host) {
        return DomainNames.text(host.name);
    }
}

package org.senderauth.spf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The client's names: what its PTR records say, validated by address records (RFC 7208 section 5.5). They are the
 * client's, not the checked domain's: hence trouble with them is no error of the check, and their voids do not count.
 */
final class ClientNames {

    /** What {@code %{p}} is without a validated name (section 7.3). */
    private static final String UNKNOWN = "unknown";

    private final Sender sender;
    private final Lookups lookups;
    private final int maxNames;

    ClientNames(Sender sender, Lookups lookups, int maxNames) {
        this.sender = sender;
        this.lookups = lookups;
        this.maxNames = maxNames;
    }

    /** The name at which a client's PTR records stand (RFC 1035 section 3.5, RFC 3596 section 2.5). */
    static Name reverseName(Sender sender) {
        String[] parts = sender.dottedClient().split("\\.");
        StringBuilder name = new StringBuilder(73);
        for (int i = parts.length - 1; i >= 0; i--) {
            name.append(parts[i]).append('.');
        }
        return DomainNames.of(name.append(sender.reverseZone()).append(".arpa").toString());
    }

    /** The answer for the client's PTR records. */
    DnsAnswer reverse(Target current) throws Pending, Stopped {
        return lookups.ask(reverseName(sender), Type.PTR, current);
    }

    /** The names that an answer gives, up to the limit; all behind it are ignored (section 4.6.4). */
    static List<Name> names(DnsAnswer reverse, int maxNames) {
        List<Name> names = new ArrayList<>();
        if (reverse instanceof Records answer) {
            for (Record record : answer.records()) {
                if (record instanceof PTRRecord ptr && names.size() < maxNames) {
                    names.add(ptr.getTarget());
                }
            }
        }
        return names;
    }

    /** Whether one of the names is a domain or below it, and leads back to the client. */
    boolean isBelow(Name domain, DnsAnswer reverse, Target current) throws Pending, Stopped {
        for (Name name : names(reverse, maxNames)) {
            if (name.subdomain(domain) && isValid(name, current)) {
                return true;
            }
        }
        return false;
    }

    /** {@code %{p}}: the current domain's name itself, else one below it, else any (section 7.3). */
    String best(Target current) throws Pending, Stopped {
        List<Name> names = names(reverse(current), maxNames);
        Name domain = current.name();
        Name found = domain == null ? null : firstValid(names, current, domain, 0);
        found = found == null && domain != null ? firstValid(names, current, domain, 1) : found;
        found = found == null ? firstValid(names, current, domain, 2) : found;
        return found == null ? UNKNOWN : DomainNames.text(found);
    }

    private @Nullable Name firstValid(List<Name> names, Target current, @Nullable Name domain, int distance)
            throws Pending, Stopped {
        for (Name name : names) {
            int found = domain == null || !name.subdomain(domain) ? 2 : name.equals(domain) ? 0 : 1;
            if (found == distance && isValid(name, current)) {
                return name;
            }
        }
        return null;
    }

    private boolean isValid(Name name, Target current) throws Pending, Stopped {
        int type = sender.addressType();
        return holds(
                lookups.ask(name, type, current),
                sender.client(),
                sender.client().bitLength());
    }

    /** Whether one of an answer's addresses shares its first bits with the client's. */
    static boolean holds(DnsAnswer answer, IpAddress client, int prefix) {
        if (answer instanceof Records records) {
            for (Record record : records.records()) {
                IpAddress address = record instanceof ARecord a
                        ? IpAddress.of(a.getAddress())
                        : record instanceof AAAARecord aaaa ? IpAddress.of(aaaa.getAddress()) : null;
                if (address != null && IpNetwork.contains(address, client, prefix)) {
                    return true;
                }
            }
        }
        return false;
    }
}

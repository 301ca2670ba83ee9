package org.senderauth.spf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The client's names: its PTR records, validated by address records (RFC 7208 section 5.5). They are the
 * client's, not the checked domain's: their errors are not errors of the check, and what they lack is no void lookup.
 */
final class ValidatedClientNames {

    /** The value of {@code %{p}} without a validated name (section 7.3). */
    private static final String UNKNOWN = "unknown";

    private final CheckHostArguments sender;
    private final CheckResolver lookups;
    private final int maxNames;

    ValidatedClientNames(CheckHostArguments sender, CheckResolver lookups, int maxNames) {
        this.sender = sender;
        this.lookups = lookups;
        this.maxNames = maxNames;
    }

    /** Returns the name of a client's PTR records (RFC 1035 section 3.5, RFC 3596 section 2.5). */
    static Name reverseName(CheckHostArguments sender) {
        String[] parts = sender.dottedClient().split("\\.");
        StringBuilder name = new StringBuilder(73);
        for (int i = parts.length - 1; i >= 0; i--) {
            name.append(parts[i]).append('.');
        }
        return DomainNames.of(name.append(sender.reverseZone()).append(".arpa").toString());
    }

    /** The answer for the client's PTR records. */
    DnsAnswer reverse(TargetDomain current) throws AnswerPendingException, SpfErrorException {
        return known(lookups.ask(reverseName(sender), Type.PTR, current), current);
    }

    // Section 5.5: a DNS error means no match. An answer that we refuse to read is not a DNS error; without it the
    // result is unknown.
    private static DnsAnswer known(DnsAnswer answer, TargetDomain current) throws SpfErrorException {
        if (answer instanceof Unavailable failure
                && (failure.cause() == Cause.TOO_LARGE || failure.cause() == Cause.OVERLOADED)) {
            throw SpfErrorException.temperror(current, "the names of the client: " + failure.detail());
        }
        return answer;
    }

    /** Returns the names of an answer up to the limit; later ones are ignored (section 4.6.4). */
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

    /** Tests whether one of the names is a domain or below it, and has the client's address. */
    boolean isBelow(Name domain, DnsAnswer reverse, TargetDomain current)
            throws AnswerPendingException, SpfErrorException {
        for (Name name : names(reverse, maxNames)) {
            if (name.subdomain(domain) && isValid(name, current)) {
                return true;
            }
        }
        return false;
    }

    /** {@code %{p}}: the current domain's name itself, else one below it, else any (section 7.3). */
    String best(TargetDomain current) throws AnswerPendingException, SpfErrorException {
        List<Name> names = names(reverse(current), maxNames);
        Name domain = current.name();
        Name found = domain == null ? null : firstValid(names, current, domain, 0);
        found = found == null && domain != null ? firstValid(names, current, domain, 1) : found;
        found = found == null ? firstValid(names, current, domain, 2) : found;
        return found == null ? UNKNOWN : DomainNames.text(found);
    }

    private @Nullable Name firstValid(List<Name> names, TargetDomain current, @Nullable Name domain, int distance)
            throws AnswerPendingException, SpfErrorException {
        for (Name name : names) {
            int found = domain == null || !name.subdomain(domain) ? 2 : name.equals(domain) ? 0 : 1;
            if (found == distance && isValid(name, current)) {
                return name;
            }
        }
        return null;
    }

    private boolean isValid(Name name, TargetDomain current) throws AnswerPendingException, SpfErrorException {
        int type = sender.addressType();
        return holds(
                known(lookups.ask(name, type, current), current),
                sender.client(),
                sender.client().bitLength());
    }

    /** Tests whether one of an answer's addresses shares its first bits with the client's. */
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

package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.APLRecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Writes the records that a domain or an accreditation service publishes, with warnings about what receivers will not
 * understand. Every record gets the same TTL, as the drafts advise. Thread-safe.
 */
public final class CsvPublisher {

    /** Longest reply that every receiver gets over UDP (RFC 1035 section 4.2.1); the drafts advise to stay below. */
    public static final int MAX_REPLY_OCTETS = 512;

    /** Longest string in a TXT record (RFC 1035 section 3.3). */
    private static final int MAX_STRING = 255;

    private final long ttl;

    /**
     * A publisher.
     *
     * @param ttl the TTL of every record in seconds, 0 to 2^31 - 1
     * @throws IllegalArgumentException if the TTL is out of range
     */
    public CsvPublisher(long ttl) {
        if (ttl < 0 || ttl > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a TTL is 0 to " + Integer.MAX_VALUE + " seconds, not " + ttl);
        }
        this.ttl = ttl;
    }

    /**
     * The CSA record of a HELO name, and the addresses of its target.
     *
     * @param helo the HELO name
     * @param record what is published of it
     * @param addresses the target's addresses; empty if the target's owner publishes them
     * @return the records
     * @throws IllegalArgumentException if the name is too long to have a record, or a number is not in 0 to 65535
     */
    public ZoneFragment csa(Name helo, CsaRecord record, Collection<InetAddress> addresses) {
        Name owner = CsaNames.owner(helo).orElseThrow(() -> tooLong(helo, CsaRecord.OWNER_PREFIX));
        List<String> warnings = new ArrayList<>();
        warnAboutCsa(helo, record, addresses.isEmpty(), warnings);
        Record srv =
                new SRVRecord(owner, DClass.IN, ttl, record.version(), record.weight(), record.port(), record.target());
        List<Record> hosts = addresses.stream()
                .map(IpAddresses::unmapped)
                .distinct()
                .map(address -> address(record.target(), address))
                .toList();
        warnAboutSize(List.of(srv), hosts, warnings);
        List<Record> all = new ArrayList<>(List.of(srv));
        all.addAll(hosts);
        return text(all, warnings);
    }

    private static void warnAboutCsa(Name helo, CsaRecord record, boolean noAddresses, List<String> warnings) {
        String name = DomainNames.text(helo);
        if (!record.isUnderstood()) {
            warnings.add("version " + record.version() + " is unknown to receivers; " + CsaRecord.VERSION
                    + " is the only one defined");
        }
        Authorization authorization = record.authorization();
        if (authorization == Authorization.RESERVED) {
            warnings.add("weight " + record.weight() + " sets a reserved bit; receivers will know nothing of " + name);
        }
        if (record.weight() == 0) {
            warnings.add("weight 0 is not to be published; 1 says that " + name + " is not authorized");
        }
        if ((record.port() & ~CsaRecord.EXPLICIT) != 0) {
            warnings.add("port " + record.port() + " sets a reserved bit, which receivers ignore");
        }
        if (record.target().equals(Name.root)) {
            warnings.add(
                    authorization == Authorization.BY_ADDRESS
                            ? "the target \".\" has no address, so every client that uses " + name + " fails"
                            : "the target \".\" may be asked of the root servers; let it be " + name + " itself");
        } else if (authorization == Authorization.BY_ADDRESS && noAddresses) {
            warnings.add("no address is written for the target " + DomainNames.text(record.target())
                    + "; without one every client that uses " + name + " fails");
        }
        if (CsaNames.level(helo) > CsaNames.DEEPEST_PARENT && record.isExplicit()) {
            warnings.add("explicit is not looked for below level " + CsaNames.DEEPEST_PARENT + "; " + name
                    + " is at level " + CsaNames.level(helo));
        }
        if (CsaNames.level(helo) < 2 && record.isExplicit()) {
            warnings.add("explicit is not looked for at the top level; " + name + " is there");
        }
    }

    /**
     * The problem of a CSA target in the DNS: it is a CNAME, which RFC 2782 forbids and Exim does not follow.
     *
     * @param target the target
     * @param dns whom to ask; waits for the answers
     * @return the warnings; none if the DNS gives no answer
     */
    public static List<String> targetWarnings(Name target, DnsClient dns) {
        DnsAnswer answer = dns.query(target, Type.CNAME).toCompletableFuture().join();
        return answer instanceof DnsAnswer.Records
                ? List.of("the target " + DomainNames.text(target)
                        + " is a CNAME; RFC 2782 forbids that, and Exim does not follow it")
                : List.of();
    }

    /**
     * The pointers of a HELO name to services that vouch for it (DNA).
     *
     * @param helo the HELO name
     * @param services the services' domains
     * @return the records
     * @throws IllegalArgumentException if a service's name is too long to point to
     */
    public ZoneFragment dnaPointers(Name helo, Collection<Name> services) {
        List<String> warnings = new ArrayList<>();
        List<Record> records = new ArrayList<>();
        for (Name service : services) {
            records.add(new PTRRecord(
                    helo, DClass.IN, ttl, concatenate(DomainNames.of(DnaService.POINTER_PREFIX), service)));
            if (!fits(helo, service)) {
                warnings.add("no report can be asked for: " + DomainNames.text(helo) + "." + DomainNames.text(service)
                        + " is longer than a name can be");
            }
        }
        if (services.size() == 1) {
            warnings.add("one service only; the draft recommends several, since each receiver trusts its own");
        }
        warnAboutSize(records, List.of(), warnings);
        return text(records, warnings);
    }

    /**
     * The report of a service about a domain (DNA).
     *
     * @param domain the domain that is rated
     * @param service the service's domain
     * @param report the report
     * @return the record
     * @throws IllegalArgumentException if the two names are too long together, or the report does not fit in one
     *     string or has what no report may have
     */
    public ZoneFragment dnaReport(Name domain, Name service, DnaReport report) {
        byte[] octets = report.toString().getBytes(StandardCharsets.UTF_8);
        if (octets.length > MAX_STRING
                || DnaReport.parse(octets).filter(report::equals).isEmpty()) {
            throw new IllegalArgumentException("not a report of at most " + MAX_STRING + " printable ASCII characters");
        }
        List<String> warnings = new ArrayList<>();
        if (!report.isForCsv()) {
            warnings.add("service and level are not " + DnaReport.SERVICE + " and " + DnaReport.LEVEL
                    + ", so CSV passes over the report");
        }
        Record txt = new TXTRecord(concatenate(domain, service), DClass.IN, ttl, escaped(report.toString()));
        warnAboutSize(List.of(txt), List.of(), warnings);
        return text(List.of(txt), warnings);
    }

    // dnsjava reads the text of a TXT record as a zone file's, where a backslash escapes.
    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }

    /**
     * The mail policy of a mailbox domain (MPR).
     *
     * @param domain the mailbox domain
     * @param policy what it does and demands
     * @param channel the HELO names, or names above them, of its outbound hosts (PTR)
     * @param clients the addresses of its outbound clients (APL)
     * @return the records
     * @throws IllegalArgumentException if the name is too long to have a policy
     */
    public ZoneFragment mpr(
            Name domain, MprRecord policy, Collection<Name> channel, Collection<AddressPrefix> clients) {
        Name owner = MprCheck.owner(domain).orElseThrow(() -> tooLong(domain, MprRecord.OWNER_PREFIX));
        List<String> warnings = new ArrayList<>();
        if ((policy.send() & ~MprRecord.SEND_BITS) != 0 || (policy.require() & ~MprRecord.REQUIRE_BITS) != 0) {
            warnings.add("the policy " + policy + " sets reserved bits, which receivers ignore");
        }
        boolean demands = policy.demands(MprIdentity.MAIL_FROM) || policy.demands(MprIdentity.FROM);
        if (demands && channel.isEmpty()) {
            warnings.add("the policy demands a channel, and none is listed: no host is one of it");
        }
        if ((policy.send() & MprRecord.SEND_WHITE_LIST) != 0 && clients.isEmpty()) {
            warnings.add("the policy says that all clients are listed, and none is");
        }
        if (channel.contains(Name.root)) {
            warnings.add("\".\" is above every host; receivers pass over it");
        }
        List<Record> a = List.of(new ARecord(
                owner, DClass.IN, ttl, IpAddresses.parse(policy.toString()).orElseThrow()));
        List<Record> ptr = channel.stream()
                .<Record>map(suffix -> new PTRRecord(owner, DClass.IN, ttl, suffix))
                .toList();
        List<Record> apl = clients.isEmpty()
                ? List.of()
                : List.of(new APLRecord(
                        owner,
                        DClass.IN,
                        ttl,
                        clients.stream()
                                .map(item -> new APLRecord.Element(item.negated(), item.address(), item.length()))
                                .toList()));
        List<Record> all = new ArrayList<>();
        for (List<Record> set : List.of(a, ptr, apl)) {
            warnAboutSize(set, List.of(), warnings);
            all.addAll(set);
        }
        return text(all, warnings);
    }

    private static void warnAboutSize(List<Record> answer, List<Record> additional, List<String> warnings) {
        if (answer.isEmpty()) {
            return;
        }
        Record first = answer.get(0);
        Message reply = Message.newQuery(Record.newRecord(first.getName(), first.getType(), DClass.IN));
        reply.getHeader().setFlag(Flags.QR);
        answer.forEach(record -> reply.addRecord(record, Section.ANSWER));
        additional.forEach(record -> reply.addRecord(record, Section.ADDITIONAL));
        int octets = reply.toWire().length;
        if (octets > MAX_REPLY_OCTETS) {
            warnings.add("the " + Type.string(first.getType()) + " reply has " + octets + " octets with its addresses; "
                    + MAX_REPLY_OCTETS + " reach every receiver over UDP");
        }
    }

    private Record address(Name host, InetAddress address) {
        return address instanceof Inet4Address
                ? new ARecord(host, DClass.IN, ttl, address)
                : new AAAARecord(host, DClass.IN, ttl, address);
    }

    private static ZoneFragment text(List<Record> records, List<String> warnings) {
        return new ZoneFragment(records.stream().map(CsvPublisher::line).toList(), warnings);
    }

    private static String line(Record record) {
        String data = record.rdataToString();
        // dnsjava leaves out the quotes where the text does not need them; people expect them.
        boolean bare = record.getType() == Type.TXT && !data.startsWith("\"");
        return record.getName() + " " + record.getTTL() + " IN " + Type.string(record.getType()) + " "
                + (bare ? '"' + data + '"' : data);
    }

    private static boolean fits(Name prefix, Name suffix) {
        return prefix.length() - 1 + suffix.length() <= 255;
    }

    private static Name concatenate(Name prefix, Name suffix) {
        try {
            return Name.concatenate(prefix.relativize(Name.root), suffix);
        } catch (NameTooLongException e) {
            throw tooLong(suffix, DomainNames.text(prefix));
        }
    }

    private static IllegalArgumentException tooLong(Name name, String prefix) {
        return new IllegalArgumentException(
                prefix + "." + DomainNames.text(name) + " is longer than a name can be (253 characters)");
    }
}

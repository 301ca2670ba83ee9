package org.senderauth.csv;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.senderauth.csv.CsaOutcomeDetail.AddressesUnavailable;
import org.senderauth.csv.CsaOutcomeDetail.ExplicitRequired;
import org.senderauth.csv.CsaOutcomeDetail.Mismatch;
import org.senderauth.csv.CsaOutcomeDetail.NoAddress;
import org.senderauth.csv.CsaOutcomeDetail.NotAuthorized;
import org.senderauth.csv.CsaOutcomeDetail.Pass;
import org.senderauth.csv.CsaOutcomeDetail.RecordUnavailable;
import org.senderauth.csv.CsaOutcomeDetail.Unknown;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** One CSA check as Exim 4.95 and later decide it, by the behaviour of its {@code verify = csa}. */
final class EximCsaCheck {

    // Exim asks for no name that its option dns_check_names_pattern, by default this, does not match.
    private static final Pattern CHECKED_NAME = Pattern.compile(
            "(?:[a-z0-9_](?:[a-z0-9/_-]*[a-z0-9_])?\\.)*+[a-z0-9_](?:[a-z0-9/_-]*[a-z0-9_])?",
            Pattern.CASE_INSENSITIVE);

    private final LookupLog dns;
    private final Name domain;
    private final CsaAddresses addresses;

    EximCsaCheck(LookupLog dns, CheckedName.Named subject) {
        this.dns = dns;
        this.domain = subject.domain();
        this.addresses = CsaAddresses.of(subject.client());
    }

    CompletableFuture<CsaOutcomeDetail> find() {
        Name owner = CsaNames.owner(domain).orElse(null);
        if (owner == null || !isAsked(domain)) {
            return completedFuture(new Unknown(Unknown.Cause.NO_RECORD));
        }
        return dns.ask(owner, Type.SRV).thenCompose(answer -> {
            if (answer instanceof Records records) {
                return own(records);
            }
            if (answer instanceof Unavailable trouble && mayPass(trouble)) {
                return completedFuture(new RecordUnavailable(owner, trouble));
            }
            // Since 4.95 any NXDOMAIN ends the search, which takes most of its force from the explicit bit.
            if (answer instanceof NoSuchDomain) {
                return completedFuture(new Unknown(Unknown.Cause.NO_SUCH_DOMAIN));
            }
            return parents(CsaNames.parents(domain), 0);
        });
    }

    // The first record that can be used decides, in the order of the answer.
    private CompletableFuture<CsaOutcomeDetail> own(Records answer) {
        boolean understood = false;
        for (CsaRecord record : CsaRecord.in(answer)) {
            if (!record.isUnderstood()) {
                continue;
            }
            understood = true;
            if (record.weight() < CsaRecord.AUTHORIZED) {
                return completedFuture(new NotAuthorized(domain));
            }
            if (record.weight() == CsaRecord.AUTHORIZED) {
                return addresses(record.target(), answer.additional());
            }
        }
        return completedFuture(new Unknown(understood ? Unknown.Cause.NO_USABLE_WEIGHT : Unknown.Cause.VERSION));
    }

    private CompletableFuture<CsaOutcomeDetail> addresses(Name target, List<Record> additional) {
        NoAddress none = new NoAddress(List.of(target));
        if (target.equals(Name.root)) {
            return completedFuture(none);
        }
        // Any address in the additional section makes the section the last word, even if it is of the other family.
        List<Record> given = additional.stream()
                .filter(record -> (record.getType() == Type.A || record.getType() == Type.AAAA)
                        && record.getName().equals(target))
                .toList();
        if (!given.isEmpty()) {
            return completedFuture(among(given, target));
        }
        if (!isAsked(target)) {
            return completedFuture(none);
        }
        return dns.ask(target, addresses.type()).thenApply(answer -> {
            if (answer instanceof Unavailable trouble) {
                return new AddressesUnavailable(target, trouble);
            }
            // After a CNAME the addresses have another owner than the target, and Exim skips them.
            return answer instanceof Records records && records.aliases().isEmpty()
                    ? among(records.records(), target)
                    : none;
        });
    }

    private CsaOutcomeDetail among(List<Record> records, Name target) {
        return records.stream().anyMatch(addresses::match) ? new Pass(target) : new Mismatch(List.of(target));
    }

    private CompletableFuture<CsaOutcomeDetail> parents(List<Name> parents, int next) {
        if (next == parents.size()) {
            return completedFuture(new Unknown(Unknown.Cause.NO_RECORD));
        }
        Name parent = parents.get(next);
        // A parent is shorter than the name, so its owner name is not too long.
        Name owner = CsaNames.owner(parent).orElseThrow();
        return dns.ask(owner, Type.SRV).thenCompose(answer -> {
            if (answer instanceof Unavailable trouble && mayPass(trouble)) {
                return completedFuture(new RecordUnavailable(owner, trouble));
            }
            List<CsaRecord> records = understood(answer);
            if (records.stream().noneMatch(CsaRecord::isExplicit)) {
                return parents(parents, next + 1);
            }
            // One explicit record ends the search, but the first record decides what is found.
            return completedFuture(
                    records.get(0).isExplicit()
                            ? new ExplicitRequired(parent)
                            : new Unknown(Unknown.Cause.NO_USABLE_WEIGHT));
        });
    }

    private static List<CsaRecord> understood(DnsAnswer answer) {
        return answer instanceof Records records
                ? CsaRecord.in(records).stream().filter(CsaRecord::isUnderstood).toList()
                : List.of();
    }

    // Exim's DNS_AGAIN; the other causes are its DNS_FAIL, which it takes for "no record" here.
    private static boolean mayPass(Unavailable trouble) {
        return trouble.cause() != Cause.BAD_ANSWER && trouble.cause() != Cause.ALIAS_CHAIN;
    }

    private static boolean isAsked(Name name) {
        return CHECKED_NAME.matcher(name.toString(true)).matches();
    }
}

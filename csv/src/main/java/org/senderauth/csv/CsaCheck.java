package org.senderauth.csv;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.csv.CsaOutcomeDetail.AddressesUnavailable;
import org.senderauth.csv.CsaOutcomeDetail.AuthorizedUnauthenticated;
import org.senderauth.csv.CsaOutcomeDetail.ExplicitRequired;
import org.senderauth.csv.CsaOutcomeDetail.Mismatch;
import org.senderauth.csv.CsaOutcomeDetail.NoAddress;
import org.senderauth.csv.CsaOutcomeDetail.NotAuthorized;
import org.senderauth.csv.CsaOutcomeDetail.Pass;
import org.senderauth.csv.CsaOutcomeDetail.RecordUnavailable;
import org.senderauth.csv.CsaOutcomeDetail.Unknown;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * One CSA check by draft-ietf-marid-csv-csa-02. Where the draft is silent: the order of records does not matter, the
 * additional section may confirm a match and never deny one, aliases are followed, and trouble in the DNS is no verdict.
 */
final class CsaCheck {

    /** Most targets whose addresses are asked for; the draft intends one record to a name (section 4). */
    static final int MAX_TARGETS = 8;

    private final LookupLog dns;
    private final Name domain;
    private final CsaAddresses addresses;

    CsaCheck(LookupLog dns, CheckedName.Named subject) {
        this.dns = dns;
        this.domain = subject.domain();
        this.addresses = CsaAddresses.of(subject.client());
    }

    CompletableFuture<CsaOutcomeDetail> find() {
        Name owner = CsaNames.owner(domain).orElse(null);
        if (owner == null) {
            return parents();
        }
        return dns.ask(owner, Type.SRV).thenCompose(answer -> {
            if (answer instanceof Records records) {
                return own(records);
            }
            if (answer instanceof Unavailable trouble) {
                return completedFuture(new RecordUnavailable(owner, trouble));
            }
            // NXDOMAIN alone is the usual answer below a name that exists, so it ends nothing; only if the root or the
            // registry says it there is no domain whose parents could be asked (section 6: spare their servers). After
            // a CNAME they say it of another name.
            if (answer instanceof NoSuchDomain none
                    && none.aliases().isEmpty()
                    && none.soaOwner() != null
                    && CsaNames.isRegistry(none.soaOwner())) {
                return completedFuture(new Unknown(Unknown.Cause.NO_SUCH_DOMAIN));
            }
            return parents();
        });
    }

    private CompletableFuture<CsaOutcomeDetail> own(Records answer) {
        List<CsaRecord> records =
                CsaRecord.in(answer).stream().filter(CsaRecord::isUnderstood).toList();
        boolean otherProof = has(records, Authorization.OTHER_PROOF);
        if (has(records, Authorization.BY_ADDRESS)) {
            // In the order of names, so that the order of the answer does not matter.
            List<Name> targets = records.stream()
                    .filter(record -> record.authorization() == Authorization.BY_ADDRESS)
                    .map(CsaRecord::target)
                    .distinct()
                    .sorted()
                    .toList();
            return addresses(targets, answer.additional())
                    .thenApply(finding -> otherProof && finding.verdict().isFailure()
                            ? new AuthorizedUnauthenticated(domain)
                            : finding);
        }
        if (otherProof) {
            return completedFuture(new AuthorizedUnauthenticated(domain));
        }
        if (has(records, Authorization.NOT_AUTHORIZED)) {
            return completedFuture(new NotAuthorized(domain));
        }
        return completedFuture(new Unknown(records.isEmpty() ? Unknown.Cause.VERSION : Unknown.Cause.RESERVED_WEIGHT));
    }

    private static boolean has(List<CsaRecord> records, Authorization authorization) {
        return records.stream().anyMatch(record -> record.authorization() == authorization);
    }

    private CompletableFuture<CsaOutcomeDetail> addresses(List<Name> targets, List<Record> additional) {
        for (Record record : additional) {
            if (addresses.match(record) && targets.contains(record.getName())) {
                return completedFuture(new Pass(record.getName()));
            }
        }
        return addresses(targets, 0, false, null);
    }

    // Asks one target after the other, since the first usually settles it.
    private CompletableFuture<CsaOutcomeDetail> addresses(
            List<Name> targets, int next, boolean seen, @Nullable CsaOutcomeDetail trouble) {
        if (next == targets.size()) {
            return completedFuture(trouble != null ? trouble : seen ? new Mismatch(targets) : new NoAddress(targets));
        }
        if (next == MAX_TARGETS) {
            return completedFuture(trouble != null ? trouble : new Unknown(Unknown.Cause.TOO_MANY_TARGETS));
        }
        Name target = targets.get(next);
        if (target.equals(Name.root)) {
            // RFC 2782: "." is no host; the root servers are not asked for it.
            return addresses(targets, next + 1, seen, trouble);
        }
        return dns.ask(target, addresses.type()).thenCompose(answer -> {
            if (answer instanceof Records records) {
                return records.records().stream().anyMatch(addresses::match)
                        ? completedFuture(new Pass(target))
                        : addresses(targets, next + 1, true, trouble);
            }
            CsaOutcomeDetail now =
                    answer instanceof Unavailable unavailable ? new AddressesUnavailable(target, unavailable) : trouble;
            return addresses(targets, next + 1, seen, now);
        });
    }

    private CompletableFuture<CsaOutcomeDetail> parents() {
        return parents(CsaNames.parents(domain), 0);
    }

    // From the top, which is where caches know the answer.
    private CompletableFuture<CsaOutcomeDetail> parents(List<Name> parents, int next) {
        if (next == parents.size()) {
            return completedFuture(new Unknown(Unknown.Cause.NO_RECORD));
        }
        Name parent = parents.get(next);
        Name owner = CsaNames.owner(parent).orElse(null);
        if (owner == null) {
            return parents(parents, next + 1);
        }
        return dns.ask(owner, Type.SRV).thenCompose(answer -> {
            if (answer instanceof Unavailable trouble) {
                return completedFuture(new RecordUnavailable(owner, trouble));
            }
            return isExplicit(answer) ? completedFuture(new ExplicitRequired(parent)) : parents(parents, next + 1);
        });
    }

    private static boolean isExplicit(DnsAnswer answer) {
        return answer instanceof Records records
                && CsaRecord.in(records).stream().anyMatch(record -> record.isUnderstood() && record.isExplicit());
    }
}

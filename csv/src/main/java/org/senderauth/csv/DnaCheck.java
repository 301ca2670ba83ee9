package org.senderauth.csv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * One question for accreditation (draft-ietf-marid-csv-dna-02). The sender chooses its pointers, so they only select
 * among the services that the local site trusts; no other service is ever asked.
 */
final class DnaCheck {

    private static final Name POINTER_PREFIX = DomainNames.of(DnaService.POINTER_PREFIX);
    private static final int POINTER_LABELS = CsaNames.level(POINTER_PREFIX);

    private record Asked(DnaService service, CompletableFuture<DnsAnswer> answer) {}

    private final LookupLog dns;
    private final Name domain;
    private final List<DnaService> trusted;

    DnaCheck(LookupLog dns, Name domain, List<DnaService> trusted) {
        this.dns = dns;
        this.domain = domain;
        this.trusted = trusted;
    }

    CompletableFuture<DnaResult> find() {
        if (trusted.stream().allMatch(DnaService::always)) {
            return reports(Set.of());
        }
        return dns.ask(domain, Type.PTR).thenCompose(answer -> reports(pointers(answer)));
    }

    private static Set<Name> pointers(DnsAnswer answer) {
        Set<Name> services = new HashSet<>();
        if (answer instanceof Records records) {
            for (Record record : records.records()) {
                if (record instanceof PTRRecord pointer) {
                    service(pointer.getTarget()).ifPresent(services::add);
                }
            }
        }
        return services;
    }

    /** The service that a pointer's target means; nothing if the target is not a pointer of DNA. */
    static Optional<Name> service(Name target) {
        if (CsaNames.level(target) <= POINTER_LABELS) {
            return Optional.empty();
        }
        Name service = new Name(target, POINTER_LABELS);
        return target.relativize(service).equals(POINTER_PREFIX.relativize(Name.root))
                ? Optional.of(service)
                : Optional.empty();
    }

    private CompletableFuture<DnaResult> reports(Set<Name> pointedTo) {
        List<Asked> asked = new ArrayList<>();
        for (DnaService service : trusted) {
            if (service.always() || pointedTo.contains(service.name())) {
                reportName(service).ifPresent(name -> asked.add(new Asked(service, dns.ask(name, Type.TXT))));
            }
        }
        CompletableFuture<?>[] answers = asked.stream().map(Asked::answer).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers).thenApply(done -> {
            List<DnaResult.Opinion> opinions = new ArrayList<>();
            for (Asked question : asked) {
                report(question.answer().join())
                        .ifPresent(report -> opinions.add(new DnaResult.Opinion(question.service(), report)));
            }
            return new DnaResult(opinions, dns.lookups());
        });
    }

    private Optional<Name> reportName(DnaService service) {
        try {
            return Optional.of(Name.concatenate(domain.relativize(Name.root), service.name()));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }

    // The draft is silent on a service that contradicts itself; it is taken to have said nothing.
    private static Optional<DnaReport> report(DnsAnswer answer) {
        if (!(answer instanceof Records records)) {
            return Optional.empty();
        }
        List<DnaReport> reports = records.records().stream()
                .filter(TXTRecord.class::isInstance)
                .flatMap(record -> DnaReport.parse(Records.text((TXTRecord) record)).stream())
                .filter(DnaReport::isForCsv)
                .toList();
        return reports.stream().map(DnaReport::rating).distinct().count() == 1
                ? Optional.of(reports.get(0))
                : Optional.empty();
    }
}

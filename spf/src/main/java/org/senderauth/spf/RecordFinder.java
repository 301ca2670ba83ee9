package org.senderauth.spf;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SyntaxProblem;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Finds the one record of a domain for one evaluation (RFC 7208 sections 4.3 to 4.6). Used by one thread. */
final class RecordFinder {

    private final RecordCache cache;
    private final CheckResolver lookups;
    private final EvaluationTrace trace;

    RecordFinder(RecordCache cache, CheckResolver lookups, EvaluationTrace trace) {
        this.cache = cache;
        this.lookups = lookups;
        this.trace = trace;
    }

    /** Returns the valid record; null if the domain name is not valid or has no record. */
    @Nullable
    PreparedRecord of(TargetDomain domain) throws AnswerPendingException, SpfErrorException {
        trace.enter(domain.text());
        Name name = domain.name();
        if (name == null || domain.text().indexOf('.') < 0 || domain.text().charAt(0) == '[') {
            return null;
        }
        DnsAnswer answer = lookups.ask(name, Type.TXT, domain);
        if (answer instanceof Unavailable failure) {
            throw SpfErrorException.temperror(domain, CheckResolver.describe(name, Type.TXT, failure));
        }
        List<TXTRecord> found = RecordCache.spfRecords(answer);
        if (found.isEmpty()) {
            return null;
        }
        if (found.size() > 1) {
            throw SpfErrorException.permerror(
                    domain, null, found.size() + " SPF records found; exactly one is allowed (section 4.5)");
        }
        PreparedRecord record = cache.read(found.get(0));
        if (record == null) {
            // It has the same length tomorrow: with temperror, mail would be deferred until it bounces.
            throw SpfErrorException.permerror(
                    domain, null, "the record has more than " + SpfLimits.MAX_RECORD_BYTES + " bytes");
        }
        lookups.hold(record.sizeInBytes(), domain);
        SpfParseResult parse = record.parse();
        trace.record(parse);
        if (!parse.problems().isEmpty()) {
            SyntaxProblem first = parse.problems().get(0);
            throw SpfErrorException.permerror(domain, first.span(), first.message());
        }
        return record;
    }
}

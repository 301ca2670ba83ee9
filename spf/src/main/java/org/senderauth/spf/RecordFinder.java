package org.senderauth.spf;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.SyntaxProblem;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Finds the one record of a domain for one evaluation (RFC 7208 sections 4.3 to 4.6). Used by one thread. */
final class RecordFinder {

    private final RecordCache cache;
    private final Lookups lookups;
    private final @Nullable TraceBuilder trace;

    RecordFinder(RecordCache cache, Lookups lookups, @Nullable TraceBuilder trace) {
        this.cache = cache;
        this.lookups = lookups;
        this.trace = trace;
    }

    /** The record, whose syntax is good; null if the domain is none, or has no record. */
    @Nullable
    PreparedRecord of(Target domain) throws Pending, Stopped {
        if (trace != null) {
            trace.enter(domain.text());
        }
        Name name = domain.name();
        if (name == null || domain.text().indexOf('.') < 0 || domain.text().charAt(0) == '[') {
            return null;
        }
        DnsAnswer answer = lookups.ask(name, Type.TXT, domain);
        if (answer instanceof Unavailable trouble) {
            throw Stopped.temperror(domain, null, Lookups.describe(name, Type.TXT, trouble));
        }
        List<TXTRecord> found = RecordCache.spfRecords(answer);
        if (found.isEmpty()) {
            return null;
        }
        if (found.size() > 1) {
            throw Stopped.permerror(domain, null, "the domain has " + found.size() + " SPF records");
        }
        PreparedRecord record = cache.read(found.get(0));
        SpfParse parse = record.parse();
        if (trace != null) {
            trace.record(parse);
        }
        if (!parse.problems().isEmpty()) {
            SyntaxProblem first = parse.problems().get(0);
            throw Stopped.permerror(domain, first.span(), first.message());
        }
        return record;
    }
}

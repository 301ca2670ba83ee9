package org.senderauth.spf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Matches the mechanisms that compare what the DNS says with the client (RFC 7208 sections 5.3 to 5.5 and 5.7). */
final class Matcher {

    // Servers rotate their answers; the verdict must not depend on it where void lookups are counted on the way.
    private static final Comparator<MXRecord> BY_PREFERENCE =
            Comparator.comparingInt(MXRecord::getPriority).thenComparing(MXRecord::getTarget);

    private final Sender sender;
    private final Lookups lookups;
    private final Budget budget;
    private final ClientNames clientNames;

    Matcher(Sender sender, Lookups lookups, Budget budget, ClientNames clientNames) {
        this.sender = sender;
        this.lookups = lookups;
        this.budget = budget;
        this.clientNames = clientNames;
    }

    /** Section 5.3. */
    boolean a(Mechanism.A a, Name name, Target current) throws Pending, Stopped {
        return hasClient(name, prefix(a.ip4Prefix(), a.ip6Prefix()), a, current);
    }

    /** Section 5.4. */
    boolean mx(Mechanism.Mx mx, Name name, Target current) throws Pending, Stopped {
        if (!(ask(name, Type.MX, mx, current) instanceof Records answer)) {
            return false;
        }
        List<MXRecord> exchangers = exchangers(answer);
        // Section 4.6.4 is read strictly: too many are a permerror even if one of the first would match.
        if (exchangers.size() > budget.limits().mxNames()) {
            throw Stopped.permerror(
                    current, mx.span(), "more than " + budget.limits().mxNames() + " mail exchangers");
        }
        int prefix = prefix(mx.ip4Prefix(), mx.ip6Prefix());
        for (MXRecord exchanger : exchangers) {
            if (hasClient(exchanger.getTarget(), prefix, mx, current)) {
                return true;
            }
        }
        return false;
    }

    /** The mail exchangers in the order of preference; a null MX (RFC 7505) is none. */
    static List<MXRecord> exchangers(Records answer) {
        List<MXRecord> exchangers = new ArrayList<>(answer.records().size());
        for (Record record : answer.records()) {
            if (record instanceof MXRecord mx && !mx.getTarget().equals(Name.root)) {
                exchangers.add(mx);
            }
        }
        if (exchangers.size() > 1) {
            exchangers.sort(BY_PREFERENCE);
        }
        return exchangers;
    }

    /** Section 5.5; a DNS error means no match. */
    boolean ptr(Mechanism.Ptr ptr, Name name, Target current) throws Pending, Stopped {
        DnsAnswer reverse = clientNames.reverse(current);
        if (reverse.isVoid()) {
            countVoid(ptr, current);
        }
        return clientNames.isBelow(name, reverse, current);
    }

    /** Section 5.7; A records whatever the client's family. */
    boolean exists(Mechanism.Exists exists, Name name, Target current) throws Pending, Stopped {
        return ask(name, Type.A, exists, current) instanceof Records;
    }

    private int prefix(int ip4Prefix, int ip6Prefix) {
        return sender.client().isIp4() ? ip4Prefix : ip6Prefix;
    }

    private boolean hasClient(Name name, int prefix, Mechanism mechanism, Target current) throws Pending, Stopped {
        DnsAnswer answer = ask(name, sender.addressType(), mechanism, current);
        return ClientNames.holds(answer, sender.client(), prefix);
    }

    private DnsAnswer ask(Name name, int type, Term term, Target current) throws Pending, Stopped {
        DnsAnswer answer = lookups.ask(name, type, current);
        if (answer instanceof Unavailable trouble) {
            throw Stopped.temperror(current, term.span(), Lookups.describe(name, type, trouble));
        }
        if (answer.isVoid()) {
            countVoid(term, current);
        }
        return answer;
    }

    private void countVoid(Term term, Target current) throws Stopped {
        if (!budget.countVoidLookup()) {
            throw Stopped.permerror(
                    current,
                    term.span(),
                    "more than " + budget.limits().voidLookups() + " questions that the DNS answers with nothing");
        }
    }
}

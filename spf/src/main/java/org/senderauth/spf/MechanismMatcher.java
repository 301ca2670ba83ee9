package org.senderauth.spf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.syntax.Mechanism;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Matches the mechanisms that compare DNS data with the client (RFC 7208 sections 5.3 to 5.5 and 5.7). */
final class MechanismMatcher {

    // Servers rotate their answers; the result must not depend on it where void lookups and MX hosts are counted.
    private static final Comparator<MXRecord> BY_PREFERENCE =
            Comparator.comparingInt(MXRecord::getPriority).thenComparing(MXRecord::getTarget);

    private final CheckHostArguments sender;
    private final CheckResolver lookups;
    private final LookupCounter budget;
    private final ValidatedClientNames clientNames;
    private @Nullable VoidTerms voids;

    MechanismMatcher(
            CheckHostArguments sender, CheckResolver lookups, LookupCounter budget, ValidatedClientNames clientNames) {
        this.sender = sender;
        this.lookups = lookups;
        this.budget = budget;
        this.clientNames = clientNames;
    }

    // Most checks end at an ip4 or ip6 and never need it.
    private VoidTerms voids() {
        if (voids == null) {
            voids = new VoidTerms(sender, lookups, budget);
        }
        return voids;
    }

    /** Section 5.3. */
    boolean a(Mechanism.A a, Name name, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        voids().begin();
        return hasClient(name, prefix(a.ip4Prefix(), a.ip6Prefix()), at);
    }

    /** Section 5.4. */
    boolean mx(Mechanism.Mx mx, Name name, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        voids().begin();
        if (!(ask(name, Type.MX, at) instanceof Records answer)) {
            return false;
        }
        int prefix = prefix(mx.ip4Prefix(), mx.ip6Prefix());
        int compared = 0;
        for (MXRecord exchanger : exchangers(answer)) {
            // Section 4.6.4 limits the address lookups of an mx term: a match within the limit is a match.
            if (compared == budget.limits().mxNames()) {
                throw SpfErrorException.permerror(
                        at, "MX limit exceeded (" + budget.limits().mxNames() + ")");
            }
            if (hasClient(exchanger.getTarget(), prefix, at)) {
                return true;
            }
            compared++;
        }
        return false;
    }

    /** Returns the MX hosts in the order of preference, without a null MX (RFC 7505). */
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

    /**
     * Section 5.5; a DNS error means no match. What the client's zones lack is not a void lookup of the domain: a client
     * must not be able to turn its fail into a permerror.
     */
    boolean ptr(Name name, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        return clientNames.isBelow(name, clientNames.reverse(at.domain), at.domain);
    }

    /** Section 5.7; A records for clients of both families. */
    boolean exists(Name name, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        voids().begin();
        return ask(name, Type.A, at) instanceof Records;
    }

    private int prefix(int ip4Prefix, int ip6Prefix) {
        return sender.client().isIp4() ? ip4Prefix : ip6Prefix;
    }

    private boolean hasClient(Name name, int prefix, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        DnsAnswer answer = answer(name, sender.addressType(), at);
        if (answer.isVoid()) {
            voids().count(name, at);
        }
        return ValidatedClientNames.holds(answer, sender.client(), prefix);
    }

    private DnsAnswer ask(Name name, int type, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        DnsAnswer answer = answer(name, type, at);
        if (answer.isVoid()) {
            voids().count(null, at);
        }
        return answer;
    }

    private DnsAnswer answer(Name name, int type, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        DnsAnswer answer = lookups.ask(name, type, at.domain);
        if (answer instanceof Unavailable failure) {
            throw SpfErrorException.temperror(at, CheckResolver.describe(name, type, failure));
        }
        return answer;
    }
}

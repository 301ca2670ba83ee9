package org.senderauth.spf;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Counts void lookups (RFC 7208 section 4.6.4) as {@link VoidLookupCounting} sets it. Whether a host has addresses of the
 * other family is queried only when the limit would be exceeded. Used by one thread.
 */
final class VoidTerms {

    /** A term with at least one void query. */
    private static final class VoidTerm {
        /** The hosts without addresses of the client's family. */
        final List<Name> hosts = new ArrayList<>(2);

        /** True if it is void without regard to the other family. */
        boolean certain;
    }

    private final CheckHostArguments sender;
    private final CheckResolver lookups;
    private final LookupCounter counter;
    private final List<VoidTerm> counted = new ArrayList<>();
    private @Nullable VoidTerm current;

    VoidTerms(CheckHostArguments sender, CheckResolver lookups, LookupCounter counter) {
        this.sender = sender;
        this.lookups = lookups;
        this.counter = counter;
    }

    /** Begins a term; what is counted until the next one belongs to it. */
    void begin() {
        current = null;
    }

    /**
     * Counts a void query of the current term.
     *
     * @param host the host whose addresses were queried; null if it was another query
     */
    void count(@Nullable Name host, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        if (counter.limits().voidLookupCounting() == VoidLookupCounting.QUERIES) {
            require(counter.countVoidLookup(), at);
            return;
        }
        boolean within = true;
        if (current == null) {
            current = new VoidTerm();
            counted.add(current);
            within = counter.countVoidLookup();
        }
        if (host == null) {
            current.certain = true;
        } else {
            current.hosts.add(host);
        }
        if (!within) {
            require(uncountOne(at), at);
        }
    }

    private void require(boolean within, OpenRecord at) throws SpfErrorException {
        if (!within) {
            throw SpfErrorException.permerror(
                    at, "void lookup limit exceeded (" + counter.limits().voidLookups() + ")");
        }
    }

    // Takes back the first term whose hosts all have addresses of the other family; false if there is no such term.
    private boolean uncountOne(OpenRecord at) throws AnswerPendingException, SpfErrorException {
        for (Iterator<VoidTerm> terms = counted.iterator(); terms.hasNext(); ) {
            VoidTerm candidate = terms.next();
            if (!candidate.certain && haveOtherFamily(candidate.hosts, at)) {
                terms.remove();
                counter.uncountVoidLookup();
                current = candidate == current ? null : current;
                return true;
            }
            candidate.certain = true;
        }
        return false;
    }

    private boolean haveOtherFamily(List<Name> hosts, OpenRecord at) throws AnswerPendingException, SpfErrorException {
        int type = sender.addressType() == Type.A ? Type.AAAA : Type.A;
        for (Name host : hosts) {
            var answer = lookups.ask(host, type, at.domain);
            if (answer instanceof Unavailable failure) {
                // A permerror must not rest on missing knowledge.
                throw SpfErrorException.temperror(at, CheckResolver.describe(host, type, failure));
            }
            if (answer.isVoid()) {
                return false;
            }
        }
        return true;
    }
}

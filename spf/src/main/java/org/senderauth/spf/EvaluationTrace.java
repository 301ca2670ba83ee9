package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;

/** Is notified of each step of one evaluation; by itself it does nothing. */
interface EvaluationTrace {

    /** Does nothing. */
    EvaluationTrace NONE = new EvaluationTrace() {};

    /** The evaluation of a domain's record begins, within the open step if there is one. */
    default void enter(String domain) {}

    /** The record of the open domain. */
    default void record(SpfParseResult record) {}

    /** The next term of the open domain's record begins. */
    default void step(Term term) {}

    /** The domain that the open step refers to. */
    default void target(String target) {}

    /** A query of the open step, or of the open domain. */
    default void asked(Name name, int type, DnsAnswer answer) {}

    /** The open step ends. */
    default void stepEnds(Outcome outcome, LookupCounter budget) {}

    /** The open step refers to another domain, which is entered next. */
    default void redirects(LookupCounter budget) {}

    /** The evaluation of the open domain ends; a step that is still open had an error. */
    default void leave(SpfVerdict verdict, @Nullable SpfProblem problem, LookupCounter budget) {}

    /** Returns the number of open domains. */
    default int depth() {
        return 0;
    }

    /** Returns what was kept; null if nothing is kept. */
    default @Nullable SpfTrace freeze() {
        return null;
    }
}

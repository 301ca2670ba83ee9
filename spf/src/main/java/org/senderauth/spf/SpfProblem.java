package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.spf.syntax.Span;

/**
 * Why a check ended in temperror or permerror. Immutable.
 *
 * @param domain the domain whose record was being evaluated
 * @param span the place in this record's text; null if the trouble is with the record as a whole
 * @param message the reason for a person: one line of printable ASCII
 */
public record SpfProblem(String domain, @Nullable Span span, String message) {

    /**
     * The reason with its place.
     *
     * @return such as {@code example.org, octet 7: ...}; octets are counted from 0
     */
    @Override
    public String toString() {
        return Printable.ascii(domain) + (span == null ? ": " : ", octet " + span.start() + ": ") + message;
    }
}

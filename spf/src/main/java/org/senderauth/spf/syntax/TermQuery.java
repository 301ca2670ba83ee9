package org.senderauth.spf.syntax;

import java.util.List;
import org.xbill.DNS.Type;

/** The DNS query with which the evaluation of a term begins (RFC 7208 sections 5 and 6). */
public enum TermQuery {
    /** None: {@code all}, {@code ip4}, {@code ip6} and unknown modifiers. */
    NONE,
    /** The record or the text at the target: {@code include}, {@code redirect} and {@code exp}. */
    TXT(Type.TXT),
    /** The target's addresses of the client's family: {@code a}. */
    ADDRESS(Type.A, Type.AAAA),
    /** The target's IPv4 addresses for clients of both families: {@code exists}. */
    A(Type.A),
    /** The target's mail exchangers; their addresses follow: {@code mx}. */
    MX(Type.MX),
    /** The client's names, not the target: {@code ptr}. */
    PTR;

    private final List<Integer> targetTypes;

    TermQuery(Integer... targetTypes) {
        this.targetTypes = List.of(targetTypes);
    }

    /**
     * Returns the types of the queries for the target, for clients of all families.
     *
     * @return numbers of DNS types; empty if the target is not queried
     */
    public List<Integer> targetTypes() {
        return targetTypes;
    }
}

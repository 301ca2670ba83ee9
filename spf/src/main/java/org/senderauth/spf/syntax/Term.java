package org.senderauth.spf.syntax;

import org.jspecify.annotations.Nullable;

/**
 * One directive or modifier of a record. Immutable.
 *
 * <pre>{@code terms = *( 1*SP ( directive / modifier ) )}</pre>
 */
public sealed interface Term permits Mechanism, Modifier {

    /**
     * Returns the position of the term in its record, with its qualifier.
     *
     * @return the position
     */
    Span span();

    /**
     * Returns the name as RFC 7208 writes it, or for an unknown modifier as the record writes it.
     *
     * @return a name such as {@code include} or {@code redirect}
     */
    String name();

    /**
     * Returns the domain-spec.
     *
     * @return the domain-spec, or null if the term has none: a mechanism then means the current domain or needs none
     */
    default @Nullable DomainSpec domain() {
        return null;
    }

    /**
     * Returns the DNS query with which the evaluation of this term begins.
     *
     * @return the query, {@link TermQuery#NONE} if it needs none
     */
    default TermQuery query() {
        return TermQuery.NONE;
    }
}

package org.senderauth.spf.syntax;

/**
 * One directive or modifier of a record. Immutable.
 *
 * <pre>{@code terms = *( 1*SP ( directive / modifier ) )}</pre>
 */
public sealed interface Term permits Mechanism, Modifier {

    /**
     * Where the term stands in its record, with its qualifier.
     *
     * @return the place
     */
    Span span();

    /**
     * The name as RFC 7208 writes it, or for an unknown modifier as the record writes it.
     *
     * @return a name such as {@code include} or {@code redirect}
     */
    String name();
}

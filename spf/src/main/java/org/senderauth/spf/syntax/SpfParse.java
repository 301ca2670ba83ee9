package org.senderauth.spf.syntax;

import java.util.List;

/** What {@link SpfParser} makes of a text: a record that may be evaluated, or a malformed one. Immutable. */
public sealed interface SpfParse permits SpfRecord, MalformedRecord {

    /**
     * The whole text, one character for each octet of the TXT record.
     *
     * @return the text; positions count in it
     */
    String text();

    /**
     * The terms that could be read, in order.
     *
     * @return all terms of a record, or those of a malformed one that are right by themselves
     */
    List<Term> terms();

    /**
     * What is wrong.
     *
     * @return the problems in the order of their places; none for a record
     */
    List<SyntaxProblem> problems();
}

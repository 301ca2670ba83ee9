package org.senderauth.spf.syntax;

import java.util.List;

/** The result of {@link SpfParser}: a valid record, or a malformed one. Immutable. */
public sealed interface SpfParseResult permits SpfRecord, MalformedRecord {

    /**
     * Returns the whole text, one character for each byte of the TXT record.
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
     * Returns the syntax problems.
     *
     * @return the problems in the order of their positions; empty for a valid record
     */
    List<SyntaxProblem> problems();
}

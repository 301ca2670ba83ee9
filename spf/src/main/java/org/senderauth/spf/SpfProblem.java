package org.senderauth.spf;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.spf.syntax.Span;

/** The reason for temperror, for permerror, or for none because of a malformed sender or HELO name. Immutable. */
public final class SpfProblem {

    private final String domain;
    private final @Nullable Span span;
    private final String message;

    SpfProblem(String domain, @Nullable Span span, String message) {
        this.domain = domain;
        this.span = span;
        this.message = message;
    }

    /** {@return the domain whose record was being evaluated; empty if there is no domain to check} */
    public String domain() {
        return domain;
    }

    /** {@return the position in this record's text; empty if the problem is the record as a whole} */
    public Optional<Span> span() {
        return Optional.ofNullable(span);
    }

    /** {@return the reason, one line of printable ASCII} */
    public String message() {
        return message;
    }

    /**
     * Returns the reason with its position.
     *
     * @return such as {@code example.org, octet 7: ...}; counted from 0
     */
    @Override
    public String toString() {
        if (domain.isEmpty()) {
            return message;
        }
        return SafeText.ascii(domain) + (span == null ? ": " : ", octet " + span.start() + ": ") + message;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpfProblem that
                && domain.equals(that.domain)
                && Objects.equals(span, that.span)
                && message.equals(that.message);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, span, message);
    }
}

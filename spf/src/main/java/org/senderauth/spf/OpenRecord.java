package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.Term;

/** A record that is being evaluated, how far, and within which other. Used by one thread. */
final class OpenRecord {

    final @Nullable OpenRecord outer;
    final TargetDomain domain;
    final PreparedRecord record;
    private int next;
    private @Nullable Term modifier;

    OpenRecord(@Nullable OpenRecord outer, TargetDomain domain, PreparedRecord record) {
        this.outer = outer;
        this.domain = domain;
        this.record = record;
    }

    /** The index of the first mechanism that was not reached yet. */
    int next() {
        return next;
    }

    boolean hasNext() {
        return next < record.size();
    }

    /** Goes on to the next mechanism. */
    Mechanism advance() {
        return record.mechanism(next++);
    }

    /** Goes on to a modifier, after the last mechanism. */
    void advanceTo(Term modifier) {
        this.modifier = modifier;
    }

    /** The position of the term that is being evaluated. */
    Span span() {
        return (modifier == null ? record.mechanism(next - 1) : modifier).span();
    }

    /** The domain of the current mechanism: the same for every check, or that of the record; null if macros decide. */
    @Nullable
    TargetDomain fixedTarget() {
        TargetDomain fixed = record.fixedTarget(next - 1);
        return fixed != null || record.mechanism(next - 1).domain() != null ? fixed : domain;
    }

    /** The current mechanism as the record writes it. */
    String text() {
        return record.text(next - 1);
    }
}

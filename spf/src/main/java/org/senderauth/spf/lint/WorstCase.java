package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/** Counts the lookups of a client that matches no term, per address family (RFC 7208 section 4.6.4). */
final class WorstCase {

    /** The address family of a client. */
    enum Family {
        IP4("IPv4", "A"),
        IP6("IPv6", "AAAA");

        private final String text;
        private final String recordType;

        Family(String text, String recordType) {
            this.text = text;
            this.recordType = recordType;
        }

        String text() {
            return text;
        }

        /** The type of the records with such addresses. */
        String recordType() {
            return recordType;
        }
    }

    /** A state of the counters. */
    record Count(int lookups, int voidsIp4, int voidsIp6) {

        Count minus(Count earlier) {
            return new Count(lookups - earlier.lookups, voidsIp4 - earlier.voidsIp4, voidsIp6 - earlier.voidsIp6);
        }
    }

    /** The term of one of the owner's records that a lookup goes back to. */
    record Blame(RecordFindings findings, Span span) {}

    /** The void lookups of one family. */
    static final class Voids {
        final List<String> questions = new ArrayList<>();

        @Nullable
        Blame limitBrokenBy;

        boolean grantsAfterLimit;
    }

    private final Map<Family, Voids> voids = new EnumMap<>(Family.class);
    private int lookups;
    private int voidTerms;
    private int countedVoid;
    private int grants;
    private boolean complete = true;
    private @Nullable Blame lookupLimitBrokenBy;
    private @Nullable Blame current;

    WorstCase() {
        for (Family family : Family.values()) {
            voids.put(family, new Voids());
        }
    }

    /** Sets the term to which the next counts are attributed. */
    void blame(@Nullable Blame blame) {
        current = blame;
    }

    @Nullable
    Blame blamed() {
        return current;
    }

    void lookup() {
        lookups++;
        if (lookups == LintLimits.LOOKUPS + 1) {
            lookupLimitBrokenBy = current;
        }
    }

    /** Notes that the current term is void as RFC 7208 counts: its name has no address of either family. */
    void voidTerm() {
        if (countedVoid != lookups) {
            countedVoid = lookups;
            voidTerms++;
        }
    }

    /** Returns the number of void terms. */
    int voidTerms() {
        return voidTerms;
    }

    /** Counts a void lookup. */
    void empty(Family family, String question) {
        Voids counted = voids(family);
        counted.questions.add(question);
        if (counted.questions.size() == LintLimits.VOID_LOOKUPS + 1) {
            counted.limitBrokenBy = current;
        }
    }

    /** Counts a void lookup of both families. */
    void empty(String question) {
        for (Family family : Family.values()) {
            empty(family, question);
        }
    }

    /** Notes that a term authorizes clients of a family. */
    void grants(Family family) {
        grants++;
        voids(family).grantsAfterLimit |= voids(family).limitBrokenBy != null;
    }

    /** Notes that a term may authorize clients of both families. */
    void grants() {
        for (Family family : Family.values()) {
            grants(family);
        }
    }

    /** Returns the number of terms that authorize clients so far. */
    int grantCount() {
        return grants;
    }

    Voids voids(Family family) {
        return java.util.Objects.requireNonNull(voids.get(family));
    }

    /** Notes that a DNS lookup failed. */
    void incomplete() {
        complete = false;
    }

    boolean isComplete() {
        return complete;
    }

    @Nullable
    Blame lookupLimitBrokenBy() {
        return lookupLimitBrokenBy;
    }

    Count count() {
        return new Count(
                lookups,
                voids(Family.IP4).questions.size(),
                voids(Family.IP6).questions.size());
    }
}

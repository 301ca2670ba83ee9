package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/** Counts what the check of a client that nothing matches asks for, per address family (RFC 7208 section 4.6.4). */
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

        /** The type of the records that hold such addresses. */
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

    /** The empty answers of one family's check. */
    static final class Voids {
        final List<String> questions = new ArrayList<>();

        @Nullable
        Blame limitBrokenBy;

        boolean grantsBehindLimit;
    }

    private final Map<Family, Voids> voids = new EnumMap<>(Family.class);
    private int lookups;
    private int grants;
    private boolean complete = true;
    private @Nullable Blame lookupLimitBrokenBy;
    private @Nullable Blame current;

    WorstCase() {
        for (Family family : Family.values()) {
            voids.put(family, new Voids());
        }
    }

    /** Sets the term that what follows goes back to. */
    void blame(@Nullable Blame blame) {
        current = blame;
    }

    @Nullable
    Blame blamed() {
        return current;
    }

    void lookup() {
        lookups++;
        if (lookups == SpfLinter.LOOKUP_LIMIT + 1) {
            lookupLimitBrokenBy = current;
        }
    }

    /** Counts an empty answer to a question. */
    void empty(Family family, String question) {
        Voids counted = voids(family);
        counted.questions.add(question);
        if (counted.questions.size() == SpfLinter.VOID_LIMIT + 1) {
            counted.limitBrokenBy = current;
        }
    }

    /** Counts an empty answer that clients of both families meet. */
    void empty(String question) {
        for (Family family : Family.values()) {
            empty(family, question);
        }
    }

    /** Notes that a term authorises clients of a family. */
    void grants(Family family) {
        grants++;
        voids(family).grantsBehindLimit |= voids(family).limitBrokenBy != null;
    }

    /** Notes that a term may authorise clients of both families. */
    void grants() {
        for (Family family : Family.values()) {
            grants(family);
        }
    }

    /** How many terms authorised anybody so far. */
    int grantCount() {
        return grants;
    }

    Voids voids(Family family) {
        return java.util.Objects.requireNonNull(voids.get(family));
    }

    /** Notes that the DNS left a question without an answer. */
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

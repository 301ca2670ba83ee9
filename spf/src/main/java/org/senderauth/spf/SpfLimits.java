package org.senderauth.spf;

import java.time.Duration;
import java.util.Objects;

/** The limits of one check (RFC 7208 section 4.6.4). Immutable. */
public final class SpfLimits {

    /** The maximum value of the limits on lookups, void lookups and names; it also bounds the depth of includes. */
    public static final int MAX_NUMBER = 100;

    /** The maximum value of the limits on queries. */
    public static final int MAX_QUERIES = 10_000;

    /**
     * The maximum number of bytes of responses and records that one check may hold; a check that needs more is a
     * temperror, since its result is unknown. The largest published records need a tenth of it.
     */
    public static final int MAX_BYTES = 512 << 10;

    /**
     * The maximum length of an SPF record, in bytes; a longer one is a permerror. Section 3.4 recommends responses of at
     * most 512 bytes.
     */
    public static final int MAX_RECORD_BYTES = 8_192;

    private static final Duration MAX_TIME = Duration.ofDays(1);

    /** The limits as RFC 7208 section 4.6.4 sets or recommends them, and the defaults of the others. */
    public static final SpfLimits RFC_7208 = new Builder().build();

    private final int lookups;
    private final int voidLookups;
    private final VoidLookupCounting voidLookupCounting;
    private final int mxNames;
    private final int ptrNames;
    private final int queries;
    private final int transactionQueries;
    private final Duration time;
    private final Duration queryTime;

    private SpfLimits(Builder builder) {
        this.lookups = builder.lookups;
        this.voidLookups = builder.voidLookups;
        this.voidLookupCounting = builder.voidLookupCounting;
        this.mxNames = builder.mxNames;
        this.ptrNames = builder.ptrNames;
        this.queries = builder.queries;
        this.transactionQueries = builder.transactionQueries;
        this.time = builder.time;
        this.queryTime = builder.queryTime;
    }

    /** {@return a builder that starts with {@link #RFC_7208}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts with these limits} */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** {@return the maximum number of terms that cause DNS queries, over all records of a check} */
    public int lookups() {
        return lookups;
    }

    /** {@return the maximum number of void lookups} */
    public int voidLookups() {
        return voidLookups;
    }

    /** {@return what counts as a void lookup} */
    public VoidLookupCounting voidLookupCounting() {
        return voidLookupCounting;
    }

    /** {@return the maximum number of MX hosts that one {@code mx} term compares; needing more is a permerror} */
    public int mxNames() {
        return mxNames;
    }

    /** {@return the maximum number of the client's names that {@code ptr} and the macro {@code p} use; more are ignored} */
    public int ptrNames() {
        return ptrNames;
    }

    /** {@return the maximum number of DNS queries of one check, each CNAME that is followed counted as one} */
    public int queries() {
        return queries;
    }

    /** {@return the maximum number of DNS queries of both checks of {@link SpfVerifier#verifyBoth}} */
    public int transactionQueries() {
        return transactionQueries;
    }

    /** {@return the maximum time of a check; a longer check is a temperror} */
    public Duration time() {
        return time;
    }

    /** {@return the maximum time of one DNS query; a longer query is treated as unavailable} */
    public Duration queryTime() {
        return queryTime;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpfLimits that
                && lookups == that.lookups
                && voidLookups == that.voidLookups
                && voidLookupCounting == that.voidLookupCounting
                && mxNames == that.mxNames
                && ptrNames == that.ptrNames
                && queries == that.queries
                && transactionQueries == that.transactionQueries
                && time.equals(that.time)
                && queryTime.equals(that.queryTime);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                lookups,
                voidLookups,
                voidLookupCounting,
                mxNames,
                ptrNames,
                queries,
                transactionQueries,
                time,
                queryTime);
    }

    @Override
    public String toString() {
        return "SpfLimits[lookups=" + lookups + ", voidLookups=" + voidLookups + ", voidLookupCounting="
                + voidLookupCounting.text() + ", mxNames=" + mxNames + ", ptrNames=" + ptrNames + ", queries=" + queries
                + ", transactionQueries=" + transactionQueries + ", time=" + time + ", queryTime=" + queryTime + "]";
    }

    /** A time as text: whole seconds, or else milliseconds. */
    static String text(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Collects limits. Not thread-safe. */
    public static final class Builder {

        private int lookups = 10;
        private int voidLookups = 2;
        private VoidLookupCounting voidLookupCounting = VoidLookupCounting.TERMS;
        private int mxNames = 10;
        private int ptrNames = 10;
        private int queries = 250;
        private int transactionQueries = 400;
        private Duration time = Duration.ofSeconds(20);
        private Duration queryTime = Duration.ofSeconds(10);

        private Builder() {}

        private Builder(SpfLimits limits) {
            this.lookups = limits.lookups;
            this.voidLookups = limits.voidLookups;
            this.voidLookupCounting = limits.voidLookupCounting;
            this.mxNames = limits.mxNames;
            this.ptrNames = limits.ptrNames;
            this.queries = limits.queries;
            this.transactionQueries = limits.transactionQueries;
            this.time = limits.time;
            this.queryTime = limits.queryTime;
        }

        private static int inRange(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
            }
            return value;
        }

        private static Duration inRange(String name, Duration value) {
            if (Objects.requireNonNull(value, name).isNegative() || value.isZero() || value.compareTo(MAX_TIME) > 0) {
                throw new IllegalArgumentException(
                        name + " must be positive and at most " + MAX_TIME.toHours() + " hours, was " + value);
            }
            return value;
        }

        /**
         * Sets the maximum number of terms that cause DNS queries ({@code include a mx ptr exists redirect}), over all
         * records of a check; by default 10.
         *
         * @param lookups 0 to {@value #MAX_NUMBER}
         */
        public Builder lookups(int lookups) {
            this.lookups = inRange("lookups", lookups, 0, MAX_NUMBER);
            return this;
        }

        /**
         * Sets the maximum number of void lookups; by default 2.
         *
         * @param voidLookups 0 to {@value #MAX_NUMBER}
         */
        public Builder voidLookups(int voidLookups) {
            this.voidLookups = inRange("voidLookups", voidLookups, 0, MAX_NUMBER);
            return this;
        }

        /**
         * Sets what counts as a void lookup; by default {@link VoidLookupCounting#TERMS}.
         *
         * @param counting the reading of section 4.6.4
         */
        public Builder voidLookupCounting(VoidLookupCounting counting) {
            this.voidLookupCounting = Objects.requireNonNull(counting, "counting");
            return this;
        }

        /**
         * Sets the maximum number of MX hosts that one {@code mx} term compares; by default 10.
         *
         * @param mxNames 0 to {@value #MAX_NUMBER}
         */
        public Builder mxNames(int mxNames) {
            this.mxNames = inRange("mxNames", mxNames, 0, MAX_NUMBER);
            return this;
        }

        /**
         * Sets the maximum number of the client's names that {@code ptr} and the macro {@code p} use; by default 10.
         *
         * @param ptrNames 0 to {@value #MAX_NUMBER}
         */
        public Builder ptrNames(int ptrNames) {
            this.ptrNames = inRange("ptrNames", ptrNames, 0, MAX_NUMBER);
            return this;
        }

        /**
         * Sets the maximum number of DNS queries of one check; by default 250. A check that needs more is a permerror.
         *
         * @param queries 1 to {@value #MAX_QUERIES}
         */
        public Builder queries(int queries) {
            this.queries = inRange("queries", queries, 1, MAX_QUERIES);
            return this;
        }

        /**
         * Sets the maximum number of DNS queries of both checks of {@link SpfVerifier#verifyBoth}; by default 400.
         *
         * @param transactionQueries 1 to {@value #MAX_QUERIES}
         */
        public Builder transactionQueries(int transactionQueries) {
            this.transactionQueries = inRange("transactionQueries", transactionQueries, 1, MAX_QUERIES);
            return this;
        }

        /**
         * Sets the maximum time of a check; by default 20 seconds, as section 4.6.4 recommends at least.
         *
         * @param time positive, at most a day
         */
        public Builder time(Duration time) {
            this.time = inRange("time", time);
            return this;
        }

        /**
         * Sets the maximum time of one DNS query; by default 10 seconds. A query that takes longer is treated like any
         * other that fails: usually a temperror, no match for {@code ptr}, no explanation for {@code exp}.
         *
         * @param queryTime positive, at most a day
         */
        public Builder queryTime(Duration queryTime) {
            this.queryTime = inRange("queryTime", queryTime);
            return this;
        }

        /** Builds the limits. */
        public SpfLimits build() {
            return new SpfLimits(this);
        }
    }
}

package org.senderauth.ses;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The use limits of one signature; 0 is unlimited, and such uses are not counted. Immutable. */
public final class SesLimits {

    /** 10 bounces, 100 public lookups, 20 client addresses. */
    public static final SesLimits DEFAULT = builder().build();

    /** No limits. */
    public static final SesLimits NONE =
            builder().bounces(0).publicLookups(0).addresses(0).build();

    private final int bounces;
    private final int publicLookups;
    private final int addresses;

    private SesLimits(Builder builder) {
        this.bounces = builder.bounces;
        this.publicLookups = builder.publicLookups;
        this.addresses = builder.addresses;
    }

    /** {@return a builder with the {@linkplain #DEFAULT default} limits} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these limits} */
    public Builder toBuilder() {
        return builder().bounces(bounces).publicLookups(publicLookups).addresses(addresses);
    }

    /** {@return bounces delivered} */
    public int bounces() {
        return bounces;
    }

    /** {@return public validation lookups; each server that receives the message does one} */
    public int publicLookups() {
        return publicLookups;
    }

    /**
     * {@return distinct client addresses in public lookups, where the term has {@code %{i}}; above the limit the
     * signature is rejected for every client}
     */
    public int addresses() {
        return addresses;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SesLimits that
                && bounces == that.bounces
                && publicLookups == that.publicLookups
                && addresses == that.addresses;
    }

    @Override
    public int hashCode() {
        return Objects.hash(bounces, publicLookups, addresses);
    }

    @Override
    public String toString() {
        return "SesLimits[bounces=" + bounces + ", publicLookups=" + publicLookups + ", addresses=" + addresses + "]";
    }

    /** Collects the limits. Not thread-safe. */
    public static final class Builder {

        private int bounces = 10;
        private int publicLookups = 100;
        private int addresses = 20;

        private Builder() {}

        /**
         * Sets the limit of bounces delivered; 10 by default.
         *
         * @param bounces the limit; 0 is unlimited
         * @throws IllegalArgumentException if it is negative
         */
        public Builder bounces(int bounces) {
            this.bounces = limit("bounces", bounces);
            return this;
        }

        /**
         * Sets the limit of public validation lookups; 100 by default. Each server that receives the message does one.
         *
         * @param publicLookups the limit; 0 is unlimited
         * @throws IllegalArgumentException if it is negative
         */
        public Builder publicLookups(int publicLookups) {
            this.publicLookups = limit("publicLookups", publicLookups);
            return this;
        }

        /**
         * Sets the limit of distinct client addresses in public lookups; 20 by default.
         *
         * @param addresses the limit; 0 is unlimited
         * @throws IllegalArgumentException if it is negative
         */
        public Builder addresses(int addresses) {
            this.addresses = limit("addresses", addresses);
            return this;
        }

        /**
         * Builds the limits.
         *
         * @return immutable limits
         */
        public SesLimits build() {
            return new SesLimits(this);
        }

        private static int limit(String parameter, int limit) {
            if (limit < 0) {
                throw new IllegalArgumentException(parameter + " must be >= 0, was " + limit + "; 0 = unlimited");
            }
            return limit;
        }
    }
}

package org.senderauth.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/**
 * What the DNS says to one question. Only {@link NoData} and {@link NoSuchDomain} say that there is nothing ("void" in
 * RFC 7208 section 4.6.4); whatever else keeps records from us is {@link Unavailable}, which may pass. Immutable.
 */
public sealed interface DnsAnswer {

    /**
     * There are records.
     *
     * @param records the records of the asked type, at least one, in the order of the answer; after aliases they stand
     *     at the last alias's target
     * @param ttl seconds for which the answer may be kept: the least TTL of the records and the aliases on the way
     * @param aliases the targets of the aliases that were followed, in order; empty if there were none
     * @param additional the additional section as the server sent it, without OPT; for hints only
     */
    record Records(List<Record> records, long ttl, List<Name> aliases, List<Record> additional) implements DnsAnswer {

        /**
         * Makes an answer; the lists are copied.
         *
         * @param records the records, at least one
         * @param ttl seconds for which the answer may be kept
         * @param aliases the targets of the aliases that were followed
         * @param additional the additional section
         * @throws IllegalArgumentException if there are no records
         */
        public Records {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("no records: that is NoData");
            }
            records = List.copyOf(records);
            aliases = List.copyOf(aliases);
            additional = List.copyOf(additional);
        }

        /**
         * The octets of a TXT record: its strings put together without anything between them (RFC 7208 section 3.3),
         * unescaped.
         *
         * @param record one of the records
         * @return all its octets; the caller owns the array
         */
        public static byte[] text(TXTRecord record) {
            List<byte[]> strings = record.getStringsAsByteArrays();
            if (strings.size() == 1) {
                return strings.get(0).clone();
            }
            int length = 0;
            for (byte[] string : strings) {
                length += string.length;
            }
            byte[] text = new byte[length];
            int at = 0;
            for (byte[] string : strings) {
                System.arraycopy(string, 0, text, at, string.length);
                at += string.length;
            }
            return text;
        }
    }

    /**
     * The name exists, or names below it do, but it has no record of the asked type.
     *
     * @param soaOwner the owner of the SOA record in the answer: the zone that says so; null if there was none
     * @param ttl seconds for which the answer may be kept (RFC 2308 section 5), 0 if there was no SOA record
     */
    record NoData(@Nullable Name soaOwner, long ttl) implements DnsAnswer {}

    /**
     * Neither the name nor any name below it exists (NXDOMAIN). After aliases this is said of the last alias's target
     * (RFC 2308 section 2.1): the name that was asked for exists.
     *
     * @param soaOwner the owner of the SOA record in the answer: the zone that says so; null if there was none
     * @param ttl seconds for which the answer may be kept (RFC 2308 section 5), 0 if there was no SOA record
     * @param aliases the targets of the aliases that were followed, in order; empty if there were none
     */
    record NoSuchDomain(@Nullable Name soaOwner, long ttl, List<Name> aliases) implements DnsAnswer {

        /**
         * Makes an answer; the list is copied.
         *
         * @param soaOwner the owner of the SOA record, or null
         * @param ttl seconds for which the answer may be kept
         * @param aliases the targets of the aliases that were followed
         */
        public NoSuchDomain {
            aliases = List.copyOf(aliases);
        }

        /**
         * An answer about the very name that was asked for.
         *
         * @param soaOwner the owner of the SOA record, or null
         * @param ttl seconds for which the answer may be kept
         */
        public NoSuchDomain(@Nullable Name soaOwner, long ttl) {
            this(soaOwner, ttl, List.of());
        }
    }

    /**
     * No answer now; a later question may get one.
     *
     * @param cause what kept it from us
     * @param detail the same for a person, one line of printable ASCII
     */
    record Unavailable(Cause cause, String detail) implements DnsAnswer {

        /** Why there is no answer. */
        public enum Cause {
            /** No server answered in time. */
            TIMEOUT,
            /** A server answered SERVFAIL. */
            SERVER_FAILURE,
            /** A server answered REFUSED. */
            REFUSED,
            /** A server answered another error code, or what it sent is no DNS message or no answer to the question. */
            BAD_ANSWER,
            /** The aliases form a loop, or a longer chain than is followed. */
            ALIAS_CHAIN,
            /** No packet could be sent or received. */
            NETWORK
        }
    }

    /**
     * Whether this says that there is nothing: a "void lookup" of RFC 7208 section 4.6.4.
     *
     * @return true for {@link NoData} and {@link NoSuchDomain}
     */
    default boolean isVoid() {
        return this instanceof NoData || this instanceof NoSuchDomain;
    }
}

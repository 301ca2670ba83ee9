package org.senderauth.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/**
 * The answer to one DNS query. Only {@link NoData} and {@link NoSuchDomain} mean that there are no records (void lookups,
 * RFC 7208 section 4.6.4). Any other failure is {@link Unavailable}: a temporary failure. Immutable.
 */
public sealed interface DnsAnswer {

    /**
     * An answer with records.
     *
     * @param records the records of the queried type, at least one, in the order of the answer; after CNAMEs their owner
     *     is the last target
     * @param ttl seconds for which the answer may be cached: the minimum TTL of the records and the CNAMEs
     * @param aliases the targets of the CNAMEs that were followed, in order; empty if there were none
     * @param additional the additional section as the server sent it, without OPT; for hints only
     */
    record Records(List<Record> records, long ttl, List<Name> aliases, List<Record> additional) implements DnsAnswer {

        /**
         * Creates an answer; the lists are copied.
         *
         * @throws IllegalArgumentException if there are no records
         */
        public Records {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("records must not be empty; use NoData");
            }
            records = List.copyOf(records);
            aliases = List.copyOf(aliases);
            additional = List.copyOf(additional);
        }

        /**
         * Returns the bytes of a TXT record: its strings concatenated without a separator (RFC 7208 section 3.3), unescaped.
         *
         * @param record one of the records
         * @return all its bytes, a new array
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
     * A negative answer (NODATA): the name or names below it exist, but it has no record of the queried type.
     * After CNAMEs this is about the last target.
     *
     * @param soaOwner the owner of the SOA record in the answer: the zone of the answer; null if there was none
     * @param ttl seconds for which the answer may be cached (RFC 2308 section 5), 0 if there was no SOA record
     * @param aliases the targets of the CNAMEs that were followed, in order; empty if there were none
     */
    record NoData(@Nullable Name soaOwner, long ttl, List<Name> aliases) implements DnsAnswer {

        /** Creates an answer; the list is copied. */
        public NoData {
            aliases = List.copyOf(aliases);
        }

        /**
         * Creates an answer about the queried name itself.
         *
         * @param soaOwner the owner of the SOA record, or null
         * @param ttl seconds for which the answer may be cached
         */
        public NoData(@Nullable Name soaOwner, long ttl) {
            this(soaOwner, ttl, List.of());
        }
    }

    /**
     * A negative answer (NXDOMAIN): the name does not exist, nor any name below it. After CNAMEs this is about the last
     * target (RFC 2308 section 2.1); the queried name exists.
     *
     * @param soaOwner the owner of the SOA record in the answer: the zone of the answer; null if there was none
     * @param ttl seconds for which the answer may be cached (RFC 2308 section 5), 0 if there was no SOA record
     * @param aliases the targets of the CNAMEs that were followed, in order; empty if there were none
     */
    record NoSuchDomain(@Nullable Name soaOwner, long ttl, List<Name> aliases) implements DnsAnswer {

        /** Creates an answer; the list is copied. */
        public NoSuchDomain {
            aliases = List.copyOf(aliases);
        }

        /**
         * Creates an answer about the queried name itself.
         *
         * @param soaOwner the owner of the SOA record, or null
         * @param ttl seconds for which the answer may be cached
         */
        public NoSuchDomain(@Nullable Name soaOwner, long ttl) {
            this(soaOwner, ttl, List.of());
        }
    }

    /**
     * A temporary failure: a later query may succeed.
     *
     * @param cause the cause
     * @param detail the cause for the reader, one line of printable ASCII
     */
    record Unavailable(Cause cause, String detail) implements DnsAnswer {

        /** The cause of a failure. */
        public enum Cause {
            /** No server answered in time. */
            TIMEOUT,
            /** A server answered SERVFAIL. */
            SERVER_FAILURE,
            /** A server answered REFUSED. */
            REFUSED,
            /** A server answered another error code, or its response is not a DNS message or does not match the query. */
            BAD_ANSWER,
            /** The CNAMEs form a loop, or a chain longer than {@link ResolverDnsClient#MAX_ALIASES}. */
            ALIAS_CHAIN,
            /** No packet could be sent or received. */
            NETWORK,
            /**
             * The answer exceeds {@link ResolverDnsClient#MAX_RECORDS} or {@link ResolverDnsClient#MAX_MESSAGE_BYTES}. A
             * retry will rarely be shorter, but its content is unknown.
             */
            TOO_LARGE,
            /** Too many queries are in flight; this one was not sent. */
            OVERLOADED
        }
    }

    /**
     * Tests whether the lookup was void (RFC 7208 section 4.6.4).
     *
     * @return true for {@link NoData} and {@link NoSuchDomain}
     */
    default boolean isVoid() {
        return this instanceof NoData || this instanceof NoSuchDomain;
    }

    /**
     * Returns the CNAMEs that were followed, whatever the answer is.
     *
     * @return their targets, in order; empty for {@link Unavailable}, which does not determine them
     */
    default List<Name> followed() {
        if (this instanceof Records records) {
            return records.aliases();
        }
        if (this instanceof NoData none) {
            return none.aliases();
        }
        return this instanceof NoSuchDomain none ? none.aliases() : List.of();
    }

    /**
     * Estimates the memory that this answer takes, for caches and limits.
     *
     * @return bytes, at least of the right order
     */
    default long sizeInBytes() {
        return AnswerSize.of(this);
    }
}

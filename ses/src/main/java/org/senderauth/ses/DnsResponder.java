package org.senderauth.ses;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsZone;
import org.senderauth.dns.ZoneAnswer;
import org.xbill.DNS.Rcode;

/**
 * Turns a DNS query into its response, as an authoritative server without recursion does (RFC 1034, RFC 1035, RFC 6891,
 * RFC 7873). Any input gets a response or silence, never an exception. Thread-safe.
 */
final class DnsResponder {

    /** The maximum size of a UDP response, to fit every usual path unfragmented (DNS flag day 2020). */
    static final int MAX_UDP = 1232;

    /** The maximum size of a UDP response to a client without EDNS (RFC 1035 section 4.2.1). */
    static final int MAX_PLAIN_UDP = 512;

    static final int MAX_TCP = 65_535;

    // No UDP response is larger than 2.5 times its query, so it is of little use for amplification attacks.
    private static final int AMPLIFICATION_NUMERATOR = 5;
    private static final int AMPLIFICATION_DENOMINATOR = 2;

    private static final ZoneAnswer EMPTY = new ZoneAnswer.Records(List.of());

    private final DnsZone zone;
    private final ServerCookies cookies;

    DnsResponder(DnsZone zone) {
        this(zone, InstantSource.system());
    }

    DnsResponder(DnsZone zone, InstantSource clock) {
        this(zone, new ServerCookies(clock));
    }

    DnsResponder(DnsZone zone, ServerCookies cookies) {
        this.zone = zone;
        this.cookies = cookies;
    }

    /**
     * Answers a message.
     *
     * @param message its bytes
     * @param client the address of the client
     * @param udp whether it came over UDP
     * @return the response, or null for silence; never completes exceptionally
     */
    CompletionStage<byte @Nullable []> answer(byte[] message, InetAddress client, boolean udp) {
        DnsQuery query = DnsQuery.parse(message);
        return query == null ? CompletableFuture.completedFuture(null) : answer(query, client, udp);
    }

    /** Answers a query. */
    CompletionStage<byte @Nullable []> answer(DnsQuery query, InetAddress client, boolean udp) {
        byte[] error = error(query, client);
        if (error != null) {
            return CompletableFuture.completedFuture(error);
        }
        int limit = udp ? maxUdp(query) : MAX_TCP;
        CompletionStage<ZoneAnswer> answer = query.hasQuestion()
                ? zone.answer(query.name(), query.type(), query.dclass())
                : CompletableFuture.completedFuture(EMPTY);
        return answer.thenApply(found -> {
            byte[] bytes = write(query, found, client);
            return bytes.length <= limit ? bytes : truncated(query, found instanceof ZoneAnswer.Refused, client);
        });
    }

    private static int maxUdp(DnsQuery query) {
        return Math.min(
                query.hasOpt ? Math.max(MAX_PLAIN_UDP, Math.min(MAX_UDP, query.payload)) : MAX_PLAIN_UDP,
                query.bytes.length * AMPLIFICATION_NUMERATOR / AMPLIFICATION_DENOMINATOR);
    }

    private byte @Nullable [] error(DnsQuery query, InetAddress client) {
        return switch (query.error) {
            case Rcode.NOERROR -> null;
            case Rcode.BADVERS -> write(query, Rcode.BADVERS, client);
            default -> DnsReply.header(query, query.error);
        };
    }

    /** Tests whether a valid cookie shows that the client's address is not forged, so that no rate limit applies. */
    boolean hasValidCookie(DnsQuery query, InetAddress client) {
        return query.hasCookie() && cookies.isValid(query, client);
    }

    /**
     * Answers a query over the rate limit: a real client retries, with the cookie that it now has or over TCP. The zone is
     * not queried.
     */
    byte[] limited(DnsQuery query, InetAddress client) {
        byte[] error = error(query, client);
        if (error != null) {
            return error;
        }
        return query.hasCookie() ? write(query, Rcode.BADCOOKIE, client) : truncated(query, false, client);
    }

    private byte[] write(DnsQuery query, ZoneAnswer answer, InetAddress client) {
        if (answer instanceof ZoneAnswer.Records records) {
            boolean authoritative = query.hasQuestion();
            return DnsReply.write(
                    query, Rcode.NOERROR, authoritative, records.records(), List.of(), false, cookies, client);
        }
        if (answer instanceof ZoneAnswer.NoData nothing) {
            return DnsReply.write(
                    query, Rcode.NOERROR, true, List.of(), List.of(nothing.soa()), false, cookies, client);
        }
        return write(query, answer instanceof ZoneAnswer.Refused ? Rcode.REFUSED : Rcode.SERVFAIL, client);
    }

    private byte[] write(DnsQuery query, int rcode, InetAddress client) {
        return DnsReply.write(query, rcode, false, List.of(), List.of(), false, cookies, client);
    }

    private byte[] truncated(DnsQuery query, boolean refused, InetAddress client) {
        int rcode = refused ? Rcode.REFUSED : Rcode.NOERROR;
        return DnsReply.write(query, rcode, !refused, List.of(), List.of(), true, cookies, client);
    }
}

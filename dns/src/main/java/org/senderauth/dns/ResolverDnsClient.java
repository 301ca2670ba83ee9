package org.senderauth.dns;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * Asks real name servers through a dnsjava {@link Resolver}: whole messages, because {@code LookupSession} drops the
 * additional section. Truncated answers are asked for again over TCP by the resolver.
 *
 * <p>Thread-safe. A question ends when the resolver's timeout is over; there is no cache here, see {@link
 * CachingDnsClient}.
 */
public final class ResolverDnsClient implements DnsClient {

    /** Longest chain of aliases that is followed over all messages of one question. */
    public static final int MAX_ALIASES = 10;

    /** The UDP payload size we announce: no fragments on any usual path (DNS flag day 2020). */
    public static final int EDNS_PAYLOAD = 1232;

    /** How long one server may take for one try. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final Resolver resolver;

    private ResolverDnsClient(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * A client over a resolver that the caller has set up.
     *
     * @param resolver a dnsjava resolver
     * @return the client
     */
    public static ResolverDnsClient of(Resolver resolver) {
        return new ResolverDnsClient(Objects.requireNonNull(resolver, "resolver"));
    }

    /**
     * A client that asks the resolvers of the system's configuration in turn.
     *
     * @return the client
     */
    public static ResolverDnsClient ofSystem() {
        List<InetSocketAddress> servers = ResolverConfig.getCurrentConfig().servers();
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            resolvers.add(simple(server));
        }
        return new ResolverDnsClient(resolvers.size() == 1 ? resolvers.get(0) : new ExtendedResolver(resolvers));
    }

    /**
     * A client that asks one server.
     *
     * @param server its address and port
     * @return the client
     */
    public static ResolverDnsClient ofServer(InetSocketAddress server) {
        return new ResolverDnsClient(simple(server));
    }

    private static SimpleResolver simple(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setEDNS(0, EDNS_PAYLOAD, 0);
        resolver.setTimeout(DEFAULT_TIMEOUT);
        return resolver;
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        if (!name.isAbsolute()) {
            throw new IllegalArgumentException("a relative name cannot be asked for: " + name);
        }
        return ask(name, type, new ArrayList<>(), Long.MAX_VALUE);
    }

    // Asks for name, which aliases lead to; whatever goes wrong becomes an answer.
    private CompletionStage<DnsAnswer> ask(Name name, int type, List<Name> aliases, long ttl) {
        CompletionStage<Message> reply;
        try {
            reply = resolver.sendAsync(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unavailable(e));
        }
        return reply.handle((message, failure) -> failure == null
                        ? read(message, name, type, aliases, ttl)
                        : CompletableFuture.<DnsAnswer>completedFuture(unavailable(failure)))
                .thenCompose(answer -> answer)
                .exceptionally(ResolverDnsClient::unavailable);
    }

    private CompletionStage<DnsAnswer> read(Message message, Name asked, int type, List<Name> aliases, long ttlSoFar) {
        Unavailable trouble = trouble(message, asked, type);
        if (trouble != null) {
            return CompletableFuture.completedFuture(trouble);
        }
        List<Record> section = message.getSection(Section.ANSWER);
        Name name = asked;
        long ttl = ttlSoFar;
        while (true) {
            List<Record> found = new ArrayList<>();
            CNAMERecord alias = null;
            for (Record record : section) {
                if (record.getDClass() != DClass.IN || !record.getName().equals(name)) {
                    continue;
                }
                if (record.getType() == type) {
                    found.add(record);
                    ttl = Math.min(ttl, record.getTTL());
                } else if (record instanceof CNAMERecord cname && alias == null) {
                    alias = cname;
                }
            }
            if (!found.isEmpty()) {
                List<Record> additional = message.getSection(Section.ADDITIONAL).stream()
                        .filter(record -> record.getType() != Type.OPT && record.getType() != Type.TSIG)
                        .toList();
                return CompletableFuture.completedFuture(new DnsAnswer.Records(found, ttl, aliases, additional));
            }
            if (alias == null) {
                // A server that only knows the start of the chain leaves the rest to us. NXDOMAIN is about the last
                // name of the chain (RFC 2308 section 2.1), so it needs no further question.
                if (!name.equals(asked) && message.getRcode() == Rcode.NOERROR && soa(message) == null) {
                    return ask(name, type, aliases, ttl);
                }
                return CompletableFuture.completedFuture(negative(message, aliases, ttl));
            }
            name = alias.getTarget();
            if (aliases.size() == MAX_ALIASES || aliases.contains(name) || name.equals(asked)) {
                return CompletableFuture.completedFuture(new Unavailable(
                        Cause.ALIAS_CHAIN, "aliases of " + asked + " loop or are more than " + MAX_ALIASES));
            }
            ttl = Math.min(ttl, alias.getTTL());
            aliases.add(name);
        }
    }

    private static @Nullable Unavailable trouble(Message message, Name asked, int type) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            Cause cause = rcode == Rcode.SERVFAIL
                    ? Cause.SERVER_FAILURE
                    : rcode == Rcode.REFUSED ? Cause.REFUSED : Cause.BAD_ANSWER;
            return new Unavailable(cause, "the server answered " + Rcode.string(rcode));
        }
        Record question = message.getQuestion();
        if (!message.getHeader().getFlag(Flags.QR)
                || question == null
                || !question.getName().equals(asked)
                || question.getType() != type) {
            return new Unavailable(Cause.BAD_ANSWER, "the server answered another question");
        }
        return null;
    }

    private static DnsAnswer negative(Message message, List<Name> aliases, long aliasTtl) {
        SOARecord soa = soa(message);
        Name owner = soa == null ? null : soa.getName();
        long ttl = soa == null ? 0 : Math.min(aliasTtl, Math.min(soa.getTTL(), soa.getMinimum()));
        return message.getRcode() == Rcode.NXDOMAIN
                ? new DnsAnswer.NoSuchDomain(owner, ttl, aliases)
                : new DnsAnswer.NoData(owner, ttl);
    }

    private static @Nullable SOARecord soa(Message message) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                return soa;
            }
        }
        return null;
    }

    private static Unavailable unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String text = DomainNames.printable(
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()));
        if (cause instanceof TimeoutException
                || cause instanceof java.net.SocketTimeoutException
                || text.contains("Timed out")
                || text.contains("timed out")) {
            return new Unavailable(Cause.TIMEOUT, "no server answered in time");
        }
        if (cause instanceof WireParseException) {
            return new Unavailable(Cause.BAD_ANSWER, "the answer is no DNS message: " + text);
        }
        if (cause instanceof UnknownHostException) {
            return new Unavailable(Cause.NETWORK, "no such name server: " + text);
        }
        if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
            return new Unavailable(Cause.NETWORK, "nothing listens at the name server");
        }
        return new Unavailable(Cause.NETWORK, text);
    }

    @Override
    public String toString() {
        return "ResolverDnsClient[" + resolver + "]";
    }
}

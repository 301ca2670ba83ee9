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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
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
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * A client that queries name servers through a dnsjava {@link Resolver}. It reads whole messages, because {@code
 * LookupSession} drops the additional section. Truncated answers are queried again over TCP.
 *
 * <p>Thread-safe. A query ends at the resolver's timeout. There is no cache here: see {@link CachingDnsClient}.
 *
 * <p>Each client has its own threads, on which its futures complete: one for each processor, and at most 256 while
 * continuations wait. They are daemons and end after a minute without work, so a client need not be closed.
 *
 * <p>Clients of {@link #system} and {@link #ofServer} keep their UDP sockets for some queries, one in flight on each. A
 * response with the id of another query is dropped, and the query waits on (RFC 5452 section 9.1).
 */
public final class ResolverDnsClient implements DnsClient {

    /** The maximum number of CNAMEs that one query follows. */
    public static final int MAX_ALIASES = 10;

    /** The EDNS payload size that queries announce: no fragments on any usual path (DNS flag day 2020). */
    public static final int EDNS_PAYLOAD = 1232;

    /** The timeout of one try at one server. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** The maximum number of records of an answer, over all sections; more are {@link Cause#TOO_LARGE}. */
    public static final int MAX_RECORDS = 500;

    /** The maximum size of a message; a longer one is {@link Cause#TOO_LARGE}. DNS over TCP allows four times as much. */
    public static final int MAX_MESSAGE_BYTES = 16_384;

    /** The maximum number of queries in flight, unless the heap is small; more are {@link Cause#OVERLOADED}. */
    public static final int MAX_UNDER_WAY = 4_096;

    // The heap for each query in flight: a message, and the objects that it is parsed into.
    private static final int HEAP_BYTES_PER_QUESTION = 65_536;

    private final Resolver resolver;
    private final DnsThreads threads = new DnsThreads();
    private final AtomicInteger underWay = new AtomicInteger();
    private final int maxUnderWay;

    private ResolverDnsClient(Resolver resolver) {
        this(resolver, (int) Math.min(MAX_UNDER_WAY, Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_QUESTION));
    }

    ResolverDnsClient(Resolver resolver, int maxUnderWay) {
        this.resolver = resolver;
        this.maxUnderWay = maxUnderWay;
    }

    /**
     * Creates a client that uses a resolver.
     *
     * @param resolver a dnsjava resolver
     */
    public static ResolverDnsClient of(Resolver resolver) {
        return new ResolverDnsClient(Objects.requireNonNull(resolver, "resolver"));
    }

    /**
     * Creates a client that queries the resolvers of the system's configuration in turn.
     */
    public static ResolverDnsClient system() {
        List<InetSocketAddress> servers = ResolverConfig.getCurrentConfig().servers();
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            resolvers.add(simple(server));
        }
        return new ResolverDnsClient(resolvers.size() == 1 ? resolvers.get(0) : new ExtendedResolver(resolvers));
    }

    /**
     * Creates a client that queries one server.
     *
     * @param server its address and port
     */
    public static ResolverDnsClient ofServer(InetSocketAddress server) {
        return new ResolverDnsClient(simple(server));
    }

    private static Resolver simple(InetSocketAddress server) {
        Resolver resolver = UdpThenTcp.of(server);
        resolver.setEDNS(0, EDNS_PAYLOAD, 0);
        resolver.setTimeout(DEFAULT_TIMEOUT);
        return resolver;
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        if (!name.isAbsolute()) {
            throw new IllegalArgumentException("name must be absolute, was " + name);
        }
        if (underWay.incrementAndGet() > maxUnderWay) {
            underWay.decrementAndGet();
            return CompletableFuture.completedFuture(
                    new Unavailable(Cause.OVERLOADED, maxUnderWay + " questions are under way"));
        }
        return ask(name, type, new ArrayList<>(), Long.MAX_VALUE)
                .whenComplete((answer, failure) -> underWay.decrementAndGet());
    }

    // Queries a name, which aliases refer to; any failure becomes an answer.
    private CompletionStage<DnsAnswer> ask(Name name, int type, List<Name> aliases, long ttl) {
        CompletionStage<Message> reply;
        try {
            reply = resolver.sendAsync(Message.newQuery(Record.newRecord(name, type, DClass.IN)), threads);
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            // The resolver needs a thread, and the system has none left; or classes of the JDK for which it lacks
            // descriptors.
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
                    found.add(withOwner(name, record));
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
                // A server that has only the start of the chain leaves the rest to the client. NXDOMAIN is about the
                // last name of the chain (RFC 2308 section 2.1), so no further query is needed.
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
        if (message.numBytes() > MAX_MESSAGE_BYTES) {
            return new Unavailable(Cause.TOO_LARGE, "the answer has " + message.numBytes() + " bytes");
        }
        if (records(message) > MAX_RECORDS) {
            return new Unavailable(Cause.TOO_LARGE, "the answer has more than " + MAX_RECORDS + " records");
        }
        return null;
    }

    // The parser creates a name for each record; address records, which may be many, share one.
    private static Record withOwner(Name owner, Record record) {
        if (record instanceof ARecord a) {
            return new ARecord(owner, DClass.IN, a.getTTL(), a.getAddress());
        }
        if (record instanceof AAAARecord aaaa) {
            return new AAAARecord(owner, DClass.IN, aaaa.getTTL(), aaaa.getAddress());
        }
        return record;
    }

    private static int records(Message message) {
        return message.getSection(Section.ANSWER).size()
                + message.getSection(Section.AUTHORITY).size()
                + message.getSection(Section.ADDITIONAL).size();
    }

    private static DnsAnswer negative(Message message, List<Name> aliases, long aliasTtl) {
        SOARecord soa = soa(message);
        Name owner = soa == null ? null : soa.getName();
        long ttl = soa == null ? 0 : Math.min(aliasTtl, Math.min(soa.getTTL(), soa.getMinimum()));
        return message.getRcode() == Rcode.NXDOMAIN
                ? new DnsAnswer.NoSuchDomain(owner, ttl, aliases)
                : new DnsAnswer.NoData(owner, ttl, aliases);
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
        if (cause instanceof UdpThenTcp.FullException) {
            return new Unavailable(Cause.OVERLOADED, text);
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

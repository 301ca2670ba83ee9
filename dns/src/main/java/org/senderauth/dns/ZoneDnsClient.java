package org.senderauth.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * A client that answers from zone data in memory, for offline use and tests: zone files (RFC 1035), CNAME chains, wildcards
 * (RFC 4592) and empty non-terminals. A name outside every zone does not exist. Failures can be scripted per name.
 *
 * <p>Immutable and thread-safe. Answers are computed once and shared.
 */
public final class ZoneDnsClient implements DnsClient {

    /** The maximum number of CNAMEs that one query follows, as in {@link ResolverDnsClient}. */
    public static final int MAX_ALIASES = ResolverDnsClient.MAX_ALIASES;

    private static final Name WILDCARD = Name.fromConstantString("*");

    private final Map<Name, Node> nodes;

    private ZoneDnsClient(Map<Name, Node> nodes) {
        this.nodes = nodes;
    }

    /** The data of one name; an empty non-terminal is a node without records. */
    private static final class Node {
        final Map<Integer, List<Record>> records = new HashMap<>();

        @Nullable
        Unavailable trouble;
        // The answers to direct queries, by type, computed when the client is built.
        final Map<Integer, CompletionStage<DnsAnswer>> answers = new HashMap<>();

        @Nullable
        CompletionStage<DnsAnswer> noData;
    }

    /**
     * Returns a builder of a client without zones.
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Creates a client that answers from zone files.
     *
     * @param files zone files, each with its {@code $ORIGIN} or absolute names
     * @throws IOException if a file cannot be read or is not a zone file; the message names file and line
     */
    public static ZoneDnsClient ofFiles(List<Path> files) throws IOException {
        Builder builder = builder();
        for (Path file : files) {
            builder.file(file);
        }
        return builder.build();
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        if (!name.isAbsolute()) {
            throw new IllegalArgumentException("name must be absolute, was " + name);
        }
        Node node = nodes.get(name);
        if (node != null && node.trouble == null) {
            CompletionStage<DnsAnswer> known = node.answers.get(type);
            if (known != null) {
                return known;
            }
            if (node.noData != null) {
                return node.noData;
            }
        }
        return CompletableFuture.completedFuture(resolve(name, type));
    }

    /**
     * Returns a client that answers what this one has data for, and queries another client for the rest. A zone file with
     * an SOA record answers for all names at and below it; without one, it answers for exactly its records. A CNAME may
     * lead from the files to the other client.
     *
     * @param other the client for the rest
     * @return the client, as thread-safe as the other
     */
    public DnsClient withFallback(DnsClient other) {
        Objects.requireNonNull(other, "other");
        return (name, type) -> {
            DnsAnswer own = query(name, type).toCompletableFuture().join();
            if (own instanceof DnsAnswer.Records || own instanceof Unavailable) {
                return CompletableFuture.completedFuture(own);
            }
            List<Name> aliases = aliases(name);
            Name last = aliases.isEmpty() ? name : aliases.get(aliases.size() - 1);
            return soaAbove(last) != null
                    ? CompletableFuture.completedFuture(own)
                    : other.query(last, type).thenApply(answer -> after(aliases, answer));
        };
    }

    // The targets of the CNAMEs from a name; resolve has seen that there are not too many.
    private List<Name> aliases(Name name) {
        List<Name> aliases = new ArrayList<>();
        Name at = name;
        while (aliases.size() < MAX_ALIASES) {
            Node node = nodes.containsKey(at) ? nodes.get(at) : wildcardFor(at);
            List<Record> alias = node == null ? null : node.records.get(Type.CNAME);
            if (alias == null) {
                break;
            }
            at = ((CNAMERecord) alias.get(0)).getTarget();
            aliases.add(at);
        }
        return aliases;
    }

    private static DnsAnswer after(List<Name> aliases, DnsAnswer answer) {
        List<Name> all = new ArrayList<>(aliases);
        all.addAll(answer.followed());
        if (answer instanceof DnsAnswer.Records records) {
            return new DnsAnswer.Records(records.records(), records.ttl(), all, records.additional());
        }
        if (answer instanceof DnsAnswer.NoSuchDomain absent) {
            return new DnsAnswer.NoSuchDomain(absent.soaOwner(), absent.ttl(), all);
        }
        if (answer instanceof DnsAnswer.NoData none) {
            return new DnsAnswer.NoData(none.soaOwner(), none.ttl(), all);
        }
        return answer;
    }

    private DnsAnswer resolve(Name asked, int type) {
        Name name = asked;
        List<Name> aliases = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        while (true) {
            Node node = nodes.get(name);
            Name owner = name;
            if (node == null) {
                node = wildcardFor(name);
            }
            if (node == null) {
                SOARecord soa = soaAbove(name);
                return new DnsAnswer.NoSuchDomain(soa == null ? null : soa.getName(), negativeTtl(soa, ttl), aliases);
            }
            if (node.trouble != null) {
                return node.trouble;
            }
            List<Record> found = node.records.get(type);
            if (found != null) {
                List<Record> records = new ArrayList<>(found.size());
                for (Record record : found) {
                    records.add(record.getName().equals(owner) ? record : renamed(record, owner));
                    ttl = Math.min(ttl, record.getTTL());
                }
                return new DnsAnswer.Records(records, ttl, aliases, additional(records));
            }
            List<Record> alias = node.records.get(Type.CNAME);
            if (alias == null) {
                SOARecord soa = soaAbove(name);
                return new DnsAnswer.NoData(soa == null ? null : soa.getName(), negativeTtl(soa, ttl), aliases);
            }
            if (aliases.size() == MAX_ALIASES) {
                return new Unavailable(Cause.ALIAS_CHAIN, "more than " + MAX_ALIASES + " aliases from " + asked);
            }
            CNAMERecord cname = (CNAMERecord) alias.get(0);
            ttl = Math.min(ttl, cname.getTTL());
            name = cname.getTarget();
            aliases.add(name);
        }
    }

    // RFC 4592: the wildcard below the closest encloser that exists, and only that one.
    private @Nullable Node wildcardFor(Name name) {
        for (int cut = 1; cut < name.labels(); cut++) {
            Name encloser = new Name(name, cut);
            if (nodes.containsKey(encloser)) {
                try {
                    return nodes.get(Name.concatenate(WILDCARD, encloser));
                } catch (NameTooLongException e) {
                    return null;
                }
            }
        }
        return null;
    }

    private @Nullable SOARecord soaAbove(Name name) {
        for (int cut = 0; cut < name.labels(); cut++) {
            Node node = nodes.get(new Name(name, cut));
            if (node != null && node.records.containsKey(Type.SOA)) {
                return (SOARecord) node.records.get(Type.SOA).get(0);
            }
        }
        return null;
    }

    private static long negativeTtl(@Nullable SOARecord soa, long aliasTtl) {
        return soa == null ? 0 : Math.min(aliasTtl, Math.min(soa.getTTL(), soa.getMinimum()));
    }

    // As servers do for the types that name hosts.
    private List<Record> additional(List<Record> records) {
        List<Record> additional = new ArrayList<>();
        for (Record record : records) {
            Name host = record.getAdditionalName();
            boolean named = record instanceof MXRecord || record instanceof SRVRecord || record instanceof NSRecord;
            Node node = named && host != null ? nodes.get(host) : null;
            if (node != null && node.trouble == null) {
                additional.addAll(node.records.getOrDefault(Type.A, List.of()));
                additional.addAll(node.records.getOrDefault(Type.AAAA, List.of()));
            }
        }
        return additional;
    }

    private static Record renamed(Record record, Name owner) {
        return Record.newRecord(
                owner, record.getType(), record.getDClass(), record.getTTL(), record.rdataToWireCanonical());
    }

    /** Collects zone data. Not thread-safe; {@link #build} may be called once. */
    public static final class Builder {

        private final Map<Name, Node> nodes = new HashMap<>();

        private Builder() {}

        /**
         * Adds the records of a zone file, and of the files that it includes with {@code $INCLUDE}.
         *
         * @param file the file, in the default file system
         * @throws IOException if it cannot be read or is not a zone file; the message names file and line
         */
        public Builder file(Path file) throws IOException {
            if (Files.isDirectory(Objects.requireNonNull(file, "file"))) {
                throw new FileSystemException(file.toString(), null, "is a directory");
            }
            // The exception has the cause; the parser's own does not.
            Files.newInputStream(file).close();
            try (Master master = new Master(file.toString(), Name.root, 0L)) {
                return records(master);
            } catch (IOException e) {
                // The parser's message begins with the file name without its directory, or with that of an included
                // file.
                String place = String.valueOf(e.getMessage());
                String own = file.getFileName() + ":";
                throw new IOException(
                        place.startsWith(own) ? file + place.substring(own.length() - 1) : file + ": " + place, e);
            }
        }

        /**
         * Adds the records of a zone file's text.
         *
         * @param text the text, with absolute names or {@code $ORIGIN}, and without {@code $INCLUDE}
         * @throws IllegalArgumentException if it is not zone data
         */
        public Builder text(String text) {
            try (Master master = new Master(
                    new ByteArrayInputStream(
                            Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8)),
                    Name.root,
                    0L)) {
                master.disableIncludes(true);
                return records(master);
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage()).replace("<none>:", "line ");
                throw new IllegalArgumentException("not zone data: " + reason, e);
            }
        }

        /**
         * Adds one record.
         *
         * @param record a record at an absolute name
         */
        public Builder record(Record record) {
            node(Objects.requireNonNull(record, "record").getName())
                    .records
                    .computeIfAbsent(record.getType(), t -> new ArrayList<>())
                    .add(record);
            return this;
        }

        /**
         * Makes every query for a name fail.
         *
         * @param name the name
         * @param cause the cause of the failure
         */
        public Builder trouble(Name name, Cause cause) {
            Objects.requireNonNull(cause, "cause");
            node(Objects.requireNonNull(name, "name")).trouble = new Unavailable(cause, "scripted for " + name);
            return this;
        }

        /**
         * Builds the client.
         */
        public ZoneDnsClient build() {
            ZoneDnsClient client = new ZoneDnsClient(nodes);
            nodes.forEach((name, node) -> {
                for (Integer type : node.records.keySet()) {
                    node.answers.put(type, CompletableFuture.completedFuture(client.resolve(name, type)));
                }
                if (!node.records.containsKey(Type.CNAME)) {
                    node.noData = CompletableFuture.completedFuture(client.resolve(name, Type.NULL));
                }
            });
            return client;
        }

        private Builder records(Master master) throws IOException {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                if (record.getDClass() == DClass.IN) {
                    record(record);
                }
            }
            return this;
        }

        // Every ancestor of a name exists, too: as an empty non-terminal if it has no records.
        private Node node(Name name) {
            for (int cut = 1; cut < name.labels(); cut++) {
                nodes.computeIfAbsent(new Name(name, cut), n -> new Node());
            }
            return nodes.computeIfAbsent(name, n -> new Node());
        }
    }
}

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
 * Answers from zone data in memory, for offline use and for tests: RFC 1035 master files, CNAME chains, wildcards
 * (RFC 4592) and empty non-terminals. A name outside every zone does not exist. Trouble can be scripted per name.
 *
 * <p>Immutable and thread-safe. Answers are made once and shared, so a query costs one look-up.
 */
public final class ZoneDnsClient implements DnsClient {

    /** Longest chain of aliases that is followed, as in {@link ResolverDnsClient}. */
    public static final int MAX_ALIASES = ResolverDnsClient.MAX_ALIASES;

    private static final Name WILDCARD = Name.fromConstantString("*");

    private final Map<Name, Node> nodes;

    private ZoneDnsClient(Map<Name, Node> nodes) {
        this.nodes = nodes;
    }

    /** What stands at one name; a name that only has names below it is a node without records. */
    private static final class Node {
        final Map<Integer, List<Record>> records = new HashMap<>();

        @Nullable
        Unavailable trouble;
        // The answers to direct questions, by type, made when the client is built.
        final Map<Integer, CompletionStage<DnsAnswer>> answers = new HashMap<>();

        @Nullable
        CompletionStage<DnsAnswer> noData;
    }

    /**
     * Starts a client without any zone.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A client that answers from master files.
     *
     * @param files master files, each with its {@code $ORIGIN} or absolute names
     * @return the client
     * @throws IOException if a file cannot be read or is not a master file; the message names file and line
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
            throw new IllegalArgumentException("a relative name cannot be asked for: " + name);
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
                return new DnsAnswer.NoData(soa == null ? null : soa.getName(), negativeTtl(soa, ttl));
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
         * Adds the records of a master file, and of those that it names with {@code $INCLUDE}, beside it.
         *
         * @param file the file, in the default file system
         * @return this
         * @throws IOException if it cannot be read or is not a master file; the message names file and line
         */
        public Builder file(Path file) throws IOException {
            if (Files.isDirectory(file)) {
                throw new FileSystemException(file.toString(), null, "this is a folder");
            }
            // Says why a file cannot be opened; the parser below says only that it cannot.
            Files.newInputStream(file).close();
            try (Master master = new Master(file.toString(), Name.root, 0L)) {
                return records(master);
            } catch (IOException e) {
                // The parser begins with the bare name of the file, or of one that it includes.
                String place = String.valueOf(e.getMessage());
                String own = file.getFileName() + ":";
                throw new IOException(
                        place.startsWith(own) ? file + place.substring(own.length() - 1) : file + ": " + place, e);
            }
        }

        /**
         * Adds the records of a master file's text.
         *
         * @param text the text, with absolute names or {@code $ORIGIN}, and without {@code $INCLUDE}
         * @return this
         * @throws IllegalArgumentException if it is not a master file
         */
        public Builder text(String text) {
            try (Master master =
                    new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Name.root, 0L)) {
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
         * @return this
         */
        public Builder record(Record record) {
            node(record.getName())
                    .records
                    .computeIfAbsent(record.getType(), t -> new ArrayList<>())
                    .add(record);
            return this;
        }

        /**
         * Lets every question at a name fail.
         *
         * @param name the name
         * @param cause how it fails
         * @return this
         */
        public Builder trouble(Name name, Cause cause) {
            node(name).trouble = new Unavailable(cause, "scripted for " + name);
            return this;
        }

        /**
         * The client with all that was added.
         *
         * @return a client
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

        // Every name above one that exists, exists as well: an empty non-terminal if nothing stands there.
        private Node node(Name name) {
            for (int cut = 1; cut < name.labels(); cut++) {
                nodes.computeIfAbsent(new Name(name, cut), n -> new Node());
            }
            return nodes.computeIfAbsent(name, n -> new Node());
        }
    }
}

package org.senderauth.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.ses.SesZone;
import org.senderauth.ses.ZoneAnswer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Gives the look-up zone to a PowerDNS server ({@code launch=remote}) over a unix socket: one JSON object a line in each
 * direction. PowerDNS brings DNSSEC, rate limits and whatever else a public name server needs.
 */
final class PowerDnsBackend implements AutoCloseable {

    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_CONNECTIONS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SesZone zone;
    private final Path socket;
    private final ServerSocketChannel server;
    private final ExecutorService threads;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private PowerDnsBackend(SesZone zone, Path socket, ServerSocketChannel server, ExecutorService threads) {
        this.zone = zone;
        this.socket = socket;
        this.server = server;
        this.threads = threads;
    }

    /** Listens on a socket that the owner and the group may use; one that an ended process left behind is replaced. */
    static PowerDnsBackend start(SesZone zone, Path socket) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        if (Files.exists(socket)) {
            if (Files.isRegularFile(socket) || Files.isDirectory(socket) || answers(address)) {
                throw new IOException(socket + ": is there already and in use");
            }
            Files.delete(socket);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "ses-powerdns");
            thread.setDaemon(true);
            return thread;
        });
        PowerDnsBackend backend = new PowerDnsBackend(zone, socket, server, threads);
        threads.execute(backend::accept);
        return backend;
    }

    private static boolean answers(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (open.size() >= MAX_CONNECTIONS) {
                    client.close();
                } else {
                    open.add(client);
                    threads.execute(() -> serve(client));
                }
            } catch (IOException e) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(client, StandardCharsets.UTF_8);
                PrintWriter lines = new PrintWriter(out)) {
            for (String line = line(in); line != null; line = line(in)) {
                lines.print(answer(line) + "\n");
                lines.flush();
            }
        } catch (IOException e) {
            // PowerDNS connects again when it needs to.
            System.getLogger(PowerDnsBackend.class.getName()).log(System.Logger.Level.DEBUG, "powerdns", e);
        } finally {
            open.remove(client);
        }
    }

    /** One line; null at the end of the stream, or for a line that is too long. */
    private static @Nullable String line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && line.length() < MAX_LINE; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }

    /** The answer to one request; requests that we do not know have the result false. */
    String answer(String request) {
        JsonNode call;
        try {
            call = JSON.readTree(request);
        } catch (JsonProcessingException e) {
            return result(false);
        }
        return switch (call.path("method").asText()) {
            case "initialize" -> result(true);
            case "lookup" -> lookup(call.path("parameters"));
            default -> result(false);
        };
    }

    private String lookup(JsonNode parameters) {
        Optional<Name> name = DomainNames.parse(parameters.path("qname").asText());
        if (name.isEmpty()) {
            return result(false);
        }
        String type = parameters.path("qtype").asText();
        ArrayNode records = JSON.createArrayNode();
        boolean apex = zone.names().contains(name.get());
        int[] types = type.equals("ANY")
                ? apex ? new int[] {Type.SOA, Type.NS} : new int[] {Type.A}
                : new int[] {Type.value(type)};
        for (int asked : types) {
            if (asked <= 0) {
                return result(false);
            }
            ZoneAnswer answer = zone.answer(name.get(), asked, DClass.IN)
                    .toCompletableFuture()
                    .join();
            if (answer instanceof ZoneAnswer.ServerFailure) {
                // Without a result PowerDNS answers SERVFAIL.
                return "{}";
            }
            if (answer instanceof ZoneAnswer.Refused) {
                return result(false);
            }
            if (answer instanceof ZoneAnswer.Records found) {
                found.records().forEach(record -> records.add(json(record)));
            }
        }
        if (records.isEmpty() && type.equals("ANY")) {
            // A name without records would not exist for PowerDNS, nor anything below it. Nobody asks for this type.
            records.add(json(name.get(), "HINFO", "\"\" \"\"", 1));
        }
        return records.isEmpty() ? result(false) : write(JSON.createObjectNode().set("result", records));
    }

    private static ObjectNode json(Record record) {
        return json(record.getName(), Type.string(record.getType()), record.rdataToString(), record.getTTL());
    }

    private static ObjectNode json(Name name, String type, String content, long ttl) {
        return JSON.createObjectNode()
                .put("qtype", type)
                .put("qname", name.toString())
                .put("content", content)
                .put("ttl", ttl);
    }

    private static String result(boolean value) {
        return "{\"result\":" + value + "}";
    }

    private static String write(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : open) {
            client.close();
        }
        threads.shutdown();
        Files.deleteIfExists(socket);
    }
}

package org.senderauth.spf;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.ExternalTestData;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Reads published records and zones, where they are available. */
public final class PublishedData {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PublishedData() {}

    public static DnsClient zones(Map<?, ?> roots, Map<?, ?> zones) throws IOException {
        ZoneDnsClient.Builder builder = ZoneDnsClient.builder();
        for (Map.Entry<?, ?> zone : zones.entrySet()) {
            Optional<Name> owner = DomainNames.parse(octets(String.valueOf(zone.getKey())));
            if (owner.isPresent()) {
                for (Record record : records(owner.get(), (Map<?, ?>) zone.getValue())) {
                    builder.record(record);
                }
            }
        }
        for (Map.Entry<?, ?> root : roots.entrySet()) {
            if (!zones.containsKey(root.getKey())) {
                builder.record(txt(
                        DomainNames.of(root.getKey().toString()),
                        root.getValue().toString()));
            }
        }
        return builder.build();
    }

    private static List<Record> records(Name owner, Map<?, ?> types) throws IOException {
        List<Record> records = new ArrayList<>();
        for (Object text : list(types.get("TXT"))) {
            records.add(txt(owner, text.toString()));
        }
        for (Object mx : list(types.get("MX"))) {
            List<?> fields = (List<?>) mx;
            Name host = DomainNames.parse(fields.get(1).toString()).orElse(Name.root);
            records.add(new MXRecord(
                    owner, DClass.IN, 60, Integer.parseInt(fields.get(0).toString()), host));
        }
        for (Object address : list(types.get("A"))) {
            records.add(new ARecord(owner, DClass.IN, 60, InetAddress.getByName(address.toString())));
        }
        return records;
    }

    private static Record txt(Name owner, String text) throws TextParseException {
        byte[] octets = octets(text).getBytes(StandardCharsets.ISO_8859_1);
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < octets.length; at += 255) {
            int length = Math.min(255, octets.length - at);
            wire.write(length);
            wire.write(octets, at, length);
        }
        return Record.newRecord(owner, Type.TXT, DClass.IN, 60, wire.toByteArray());
    }

    // One character for each byte, as in the DNS.
    public static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    public static Map<?, ?> json(String file) throws IOException {
        try (BufferedReader reader = open(file)) {
            return JSON.readValue(reader, Map.class);
        }
    }

    public static BufferedReader open(String file) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(ExternalTestData.file(file))), StandardCharsets.UTF_8));
    }
}

package org.senderauth.spf;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.yaml.snakeyaml.Yaml;

/**
 * Reads the format of the SPF community's conformance suites: YAML documents, each a scenario with zone data and tests.
 * {@code SPF} entries are TXT records too unless the owner has a TXT entry; a bare {@code TIMEOUT} lets every type
 * without data time out, and {@code TXT: TIMEOUT} that type.
 */
final class YamlSuite {

    private static final long TTL = 100;

    private YamlSuite() {}

    /** Zone data with the tests that are run on it. */
    record Scenario(String description, DnsClient dns, List<Case> cases) {}

    /** One test: the question, the results that are right, and the explanation if it is tested. */
    record Case(
            String id,
            SpfQuery query,
            List<String> results,
            @Nullable String explanation) {}

    static List<Scenario> read(Path file) throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Object document : new Yaml().loadAll(reader)) {
                if (document instanceof Map<?, ?> scenario && scenario.get("tests") instanceof Map<?, ?> tests) {
                    List<Case> cases = new ArrayList<>();
                    for (Map.Entry<?, ?> test : tests.entrySet()) {
                        cases.add(readCase(String.valueOf(test.getKey()), (Map<?, ?>) test.getValue()));
                    }
                    scenarios.add(new Scenario(
                            String.valueOf(scenario.get("description")),
                            zone((Map<?, ?>) scenario.get("zonedata")),
                            cases));
                }
            }
        }
        return scenarios;
    }

    private static Case readCase(String id, Map<?, ?> test) throws IOException {
        List<String> results =
                list(test.get("result")).stream().map(String::valueOf).toList();
        String mailFrom = text(test.get("mailfrom"));
        String helo = text(test.get("helo"));
        SpfQuery query = SpfQuery.mailFrom(java.net.InetAddress.getByName(text(test.get("host"))), mailFrom, helo);
        Object explanation = test.get("explanation");
        return new Case(id, query, results, explanation == null ? null : String.valueOf(explanation));
    }

    private static DnsClient zone(Map<?, ?> data) throws IOException {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder();
        Map<Name, Set<Integer>> silent = new HashMap<>();
        Map<Name, Set<Integer>> present = new HashMap<>();
        Set<Name> silentOtherwise = new HashSet<>();
        for (Map.Entry<?, ?> entry : data.entrySet()) {
            Name owner = DomainNames.parse(String.valueOf(entry.getKey())).orElse(null);
            if (owner == null) {
                continue;
            }
            List<TXTRecord> spf = new ArrayList<>();
            boolean txtSeen = false;
            for (Object item : list(entry.getValue())) {
                if (item.equals("TIMEOUT")) {
                    silentOtherwise.add(owner);
                    continue;
                }
                for (Map.Entry<?, ?> rr : ((Map<?, ?>) item).entrySet()) {
                    String type = String.valueOf(rr.getKey());
                    txtSeen |= type.equals("TXT");
                    if (type.equals("TIMEOUT")) {
                        silentOtherwise.add(owner);
                    } else if ("TIMEOUT".equals(rr.getValue())) {
                        silent.computeIfAbsent(owner, o -> new HashSet<>()).add(Type.value(type));
                    } else if (type.equals("SPF")) {
                        spf.add(txt(owner, rr.getValue()));
                    } else if (!"NONE".equals(rr.getValue())) {
                        for (Record record : records(owner, type, rr.getValue())) {
                            zone.record(record);
                            present.computeIfAbsent(owner, o -> new HashSet<>()).add(record.getType());
                        }
                    }
                }
            }
            if (!txtSeen) {
                spf.forEach(zone::record);
                if (!spf.isEmpty()) {
                    present.computeIfAbsent(owner, o -> new HashSet<>()).add(Type.TXT);
                }
            }
        }
        ZoneDnsClient built = zone.build();
        return (name, type) -> {
            boolean timesOut = silent.getOrDefault(name, Set.of()).contains(type)
                    || silentOtherwise.contains(name)
                            && !present.getOrDefault(name, Set.of()).contains(type);
            return timesOut
                    ? CompletableFuture.completedFuture(new Unavailable(Cause.TIMEOUT, "scripted"))
                    : built.query(name, type);
        };
    }

    private static List<Record> records(Name owner, String type, Object value) throws IOException {
        List<Record> records = new ArrayList<>();
        switch (type) {
            case "TXT" -> records.add(txt(owner, value));
            case "MX" -> {
                List<?> fields = list(value);
                for (int i = 0; i < fields.size(); i += 2) {
                    String host = String.valueOf(fields.get(i + 1));
                    records.add(new MXRecord(
                            owner,
                            DClass.IN,
                            TTL,
                            Integer.parseInt(String.valueOf(fields.get(i))),
                            host.isEmpty() ? Name.root : DomainNames.of(host)));
                }
            }
            case "A" -> {
                for (Object address : list(value)) {
                    records.add(new ARecord(owner, DClass.IN, TTL, java.net.InetAddress.getByName(address.toString())));
                }
            }
            case "AAAA" -> {
                for (Object address : list(value)) {
                    records.add(
                            new AAAARecord(owner, DClass.IN, TTL, java.net.InetAddress.getByName(address.toString())));
                }
            }
            case "PTR" -> {
                for (Object host : list(value)) {
                    DomainNames.parse(host.toString())
                            .ifPresent(name -> records.add(new PTRRecord(owner, DClass.IN, TTL, name)));
                }
            }
            case "CNAME" -> records.add(new CNAMERecord(owner, DClass.IN, TTL, DomainNames.of(text(value))));
            default -> throw new IllegalArgumentException("unknown type " + type.toUpperCase(Locale.ROOT));
        }
        return records;
    }

    private static TXTRecord txt(Name owner, Object value) {
        byte[] wire = new byte[0];
        for (Object string : list(value)) {
            String text = string.toString();
            byte[] octets = text.chars().allMatch(c -> c < 256)
                    ? text.getBytes(StandardCharsets.ISO_8859_1)
                    : text.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at == 0 || at < octets.length; at += 255) {
                int length = Math.min(255, octets.length - at);
                int old = wire.length;
                wire = java.util.Arrays.copyOf(wire, old + 1 + length);
                wire[old] = (byte) length;
                System.arraycopy(octets, at, wire, old + 1, length);
            }
        }
        return (TXTRecord) Record.newRecord(owner, Type.TXT, DClass.IN, TTL, wire);
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}

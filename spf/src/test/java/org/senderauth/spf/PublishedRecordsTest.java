package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.syntax.MalformedRecord;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.testkit.ExtraMaterial;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Records as domains publish them, where they are at hand. */
class PublishedRecordsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> CLIENTS =
            List.of("192.0.2.1", "40.92.0.1", "209.85.220.41", "2001:db8::1", "2a01:111:f400::1");

    @Test
    void everyRecordIsReadOrHasAProblemWithAPlaceInIt() throws IOException {
        int good = 0;
        int bad = 0;
        try (BufferedReader lines = open("data/spf-records.txt.gz")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String record = octets(JSON.readValue(line, String.class));
                SpfParse parse = SpfParser.parse(record);
                if (parse instanceof MalformedRecord malformed) {
                    bad++;
                    assertThat(malformed.problems()).isNotEmpty().allSatisfy(problem -> {
                        assertThat(problem.span().start()).isBetween(0, record.length());
                        assertThat(problem.span().end())
                                .isBetween(problem.span().start(), record.length());
                        assertThat(problem.message()).isNotBlank();
                    });
                } else {
                    good++;
                }
            }
        }
        System.out.println("records: " + good + " read, " + bad + " malformed");
        assertThat(good + bad).isGreaterThan(25_000);
        assertThat(good).isGreaterThan(bad * 10);
    }

    // Prints the table that docs/spf.md shows.
    @Test
    void everyDomainEvaluatesForEveryClient() throws IOException {
        Map<?, ?> roots = json("data/spf-roots.json.gz");
        DnsClient dns = zones(roots, json("data/spf-zones.json.gz"));
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        Map<String, Map<SpfVerdict, Integer>> table = new TreeMap<>();
        for (String client : CLIENTS) {
            for (Object root : roots.keySet()) {
                SpfResult result = spf.verify(
                        SpfQuery.mailFrom(InetAddress.getByName(client), "postmaster@" + root, "mail.example.org"));
                table.computeIfAbsent(client, c -> new TreeMap<>()).merge(result.verdict(), 1, Integer::sum);
                assertThat(result.lookups()).isLessThanOrEqualTo(10);
                if (result.verdict() == SpfVerdict.PERMERROR) {
                    assertThat(result.problem()).isNotNull();
                }
            }
        }
        table.forEach((client, verdicts) -> System.out.println(client + " " + verdicts));
        assertThat(table.values())
                .allSatisfy(verdicts -> assertThat(verdicts)
                        .doesNotContainKeys(SpfVerdict.TEMPERROR)
                        .containsKeys(SpfVerdict.FAIL, SpfVerdict.SOFTFAIL, SpfVerdict.PERMERROR));
    }

    private static DnsClient zones(Map<?, ?> roots, Map<?, ?> zones) throws IOException {
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

    // One character for each octet, as the DNS has it.
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static Map<?, ?> json(String file) throws IOException {
        try (BufferedReader reader = open(file)) {
            return JSON.readValue(reader, Map.class);
        }
    }

    private static BufferedReader open(String file) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(ExtraMaterial.file(file))), StandardCharsets.UTF_8));
    }
}

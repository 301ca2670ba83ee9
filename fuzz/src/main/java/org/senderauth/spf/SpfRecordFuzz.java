package org.senderauth.spf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.spf.syntax.SpfParser;

/** SPF records: parsed, evaluated for an IPv4 and an IPv6 client, and checked by the linter. */
public final class SpfRecordFuzz {

    private SpfRecordFuzz() {}

    private static final SpfVerifier VERIFIER =
            SpfVerifier.builder().dns(ZoneDnsClient.builder().build()).build();

    public static void fuzzerTestOneInput(byte[] data) {
        String record = new String(data, StandardCharsets.ISO_8859_1);
        SpfParser.parse(data);
        SpfParser.parse(record);
        try {
            SpfParser.parseExplanation(record);
        } catch (IllegalArgumentException expected) {
            // its documented answer to text that is no macro string
        }
        verify("192.0.2.1", record);
        verify("2001:db8::1", record);
        SpfLinter.lintText("example.org", record);
    }

    private static void verify(String client, String record) {
        try {
            SpfQuery query = SpfQuery.mailFrom(InetAddress.getByName(client), "alice@example.org", "mail.example.org");
            VERIFIER.verifyRecord(query, record).receivedSpf();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

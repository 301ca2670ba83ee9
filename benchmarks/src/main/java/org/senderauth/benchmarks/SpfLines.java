package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;

/** Our verifier as a program like those of {@code spf-peers.sh}: a line for each check, and a line with its result. */
public final class SpfLines {

    private static final long CACHE_BYTES = 16 << 20;

    private SpfLines() {}

    /**
     * Answers until the end of the input, with the resolvers of the system.
     *
     * @param arguments {@code cache} keeps answers of the DNS
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        DnsClient dns = ResolverDnsClient.system();
        if (arguments.length > 0 && arguments[0].equals("cache")) {
            dns = CachingDnsClient.of(dns, CACHE_BYTES, System::nanoTime);
        }
        SpfVerifier verifier = SpfVerifier.builder().dns(dns).build();
        int repeat = Integer.parseInt(System.getenv().getOrDefault("REPEAT", "1"));
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split("\t", -1);
                SpfQuery query = new SpfQuery(
                        IpAddresses.parse(fields[2]).orElseThrow(),
                        fields[0].equals("helo") ? SpfIdentity.HELO : SpfIdentity.MAIL_FROM,
                        fields[1],
                        fields[3]);
                SpfResult result = verifier.verify(query);
                for (int i = 1; i < repeat; i++) {
                    result = verifier.verify(query);
                }
                // One write for each line, as the other programs do it.
                out.write((result.verdict().text() + '\n').getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}

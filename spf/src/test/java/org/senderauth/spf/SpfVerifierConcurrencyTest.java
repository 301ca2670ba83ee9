package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.ZoneDnsClient;

/** A verdict never depends on who else uses the verifier. */
class SpfVerifierConcurrencyTest {

    private static final int THREADS = 8;

    /** Checks of all threads together; -Dspf.checks=5000000 for the long run. */
    private static final int CHECKS = Integer.getInteger("spf.checks", 200_000);

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder().text("""
                    $TTL 60
                    pass.example.     TXT "v=spf1 include:_a.example include:_b.example -all"
                    _a.example.       TXT "v=spf1 ip4:198.51.100.0/24 -all"
                    _b.example.       TXT "v=spf1 exists:%{ir}.%{l1r-}._spf.%{d2} -all"
                    1.2.0.192.x._spf._b.example. A 127.0.0.2
                    fail.example.     TXT "v=spf1 a mx exp=why.example -all"
                    why.example.      TXT "%{i} is not %{d}, %{S}"
                    soft.example.     TXT "v=spf1 redirect=_soft.example"
                    _soft.example.    TXT "v=spf1 mx ~all"
                    _soft.example.    MX  10 host.example.
                    host.example.     A   198.51.100.9
                    perm.example.     TXT "v=spf1 include:none.example -all"
                    many.example.     TXT "v=spf1 a:v1.example a:v2.example a:v3.example -all"
                    """).build();

    @Test
    void returnsSameResultsOnEightThreads() throws Exception {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        List<SpfQuery> queries = new ArrayList<>();
        for (String sender : new String[] {
            "x@pass.example",
            "y@pass.example",
            "a b@fail.example",
            "x@soft.example",
            "x@perm.example",
            "x@many.example",
            ""
        }) {
            queries.add(SpfQuery.mailFrom(client, sender, "fail.example"));
        }
        List<String> expected = new ArrayList<>();
        for (SpfQuery query : queries) {
            expected.add(text(SpfVerifier.builder().dns(ZONE).build().verify(query)));
        }
        assertThat(expected).doesNotHaveDuplicates();

        SpfVerifier shared = SpfVerifier.builder().dns(ZONE).build();
        Callable<List<String>> checks = () -> {
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < CHECKS / THREADS; i++) {
                int which = i % queries.size();
                String got = text(shared.verify(queries.get(which)));
                if (!got.equals(expected.get(which))) {
                    wrong.add(got);
                }
            }
            return wrong;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<List<String>> wrong : threads.invokeAll(java.util.Collections.nCopies(THREADS, checks))) {
                assertThat(wrong.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static String text(SpfResult result) {
        return result.query().mailFrom() + " " + result.verdict() + " " + result.mechanism() + " "
                + result.explanation() + " " + result.problem() + " " + result.lookups() + " " + result.voidLookups();
    }
}

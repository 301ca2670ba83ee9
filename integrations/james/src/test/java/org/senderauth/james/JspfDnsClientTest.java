package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.TimeoutException;
import org.apache.james.jspf.impl.DNSServiceXBillImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.LoopbackDnsServer;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.NoSuchRRSetException;

class JspfDnsClientTest {

    private static final String ZONE = """
            example.org.       300 IN TXT "v=spf1 mx a:six.example.org exists:%{p}.ok.example.org include:long.example.org -all"
            example.org.       300 IN MX  10 mail.example.org.
            mail.example.org.  300 IN A   192.0.2.1
            six.example.org.   300 IN AAAA 2001:db8::6
            long.example.org.  300 IN TXT "v=spf1 ip4:192.0.2.2 " "ip4:192.0.2.3 ?all"
            4.2.0.192.in-addr.arpa. 300 IN PTR four.example.org.
            four.example.org.  300 IN A   192.0.2.4
            four.example.org.ok.example.org. 300 IN A 127.0.0.2
            """;

    /** A service that answers from a function, as one of another library might. */
    private static DNSService service(Function<DNSRequest, CompletionStage<List<String>>> answers) {
        return new DNSService() {
            @Override
            public List<String> getRecords(DNSRequest request) throws TimeoutException {
                throw new TimeoutException("the blocking way is not taken");
            }

            @Override
            public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
                return answers.apply(request);
            }

            @Override
            public List<String> getLocalDomainNames() {
                return List.of();
            }

            @Override
            public void setTimeOut(int seconds) {}

            @Override
            public int getRecordLimit() {
                return 0;
            }

            @Override
            public void setRecordLimit(int limit) {}
        };
    }

    private static DnsAnswer ask(DNSService service, int type) {
        return ask(new JspfDnsClient(service), type);
    }

    private static DnsAnswer ask(DnsClient client, int type) {
        return client.query(DomainNames.of("example.org"), type)
                .toCompletableFuture()
                .join();
    }

    // client | verdict
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1     | PASS
            2001:db8::6   | PASS
            192.0.2.3     | PASS
            192.0.2.4     | PASS
            192.0.2.5     | FAIL
            """)
    void spfResultEqualsThatOverDns(String client, String verdict) throws Exception {
        DnsClient zone = ZoneDnsClient.builder().text(ZONE).build();
        try (LoopbackDnsServer server = LoopbackDnsServer.serving(zone)) {
            SimpleResolver resolver = new SimpleResolver(server.address());
            DnsClient jspf = new JspfDnsClient(new DNSServiceXBillImpl(resolver));
            SpfQuery query =
                    SpfQuery.mailFrom(IpAddresses.parse(client).orElseThrow(), "alice@example.org", "host.example.net");
            assertThat(SpfVerifier.builder().dns(jspf).build().verify(query).verdict())
                    .hasToString(verdict)
                    .isEqualTo(SpfVerifier.builder()
                            .dns(zone)
                            .build()
                            .verify(query)
                            .verdict());
        }
    }

    @Test
    void returnsVoidLookupForNamesWithoutRecords() throws Exception {
        try (LoopbackDnsServer server =
                LoopbackDnsServer.serving(ZoneDnsClient.builder().text(ZONE).build())) {
            DNSService service = new DNSServiceXBillImpl(new SimpleResolver(server.address()));
            DnsClient client = new JspfDnsClient(service);
            assertThat(client.query(DomainNames.of("mail.example.org"), Type.TXT)
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(new DnsAnswer.NoData(null, 0));
            assertThat(client.query(DomainNames.of("no.example.org"), Type.A)
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(new DnsAnswer.NoSuchDomain(null, 0));
        }
        assertThat(ask(service(request -> CompletableFuture.completedFuture(null)), Type.A))
                .isEqualTo(new DnsAnswer.NoData(null, 0));
        assertThat(ask(
                        service(request -> CompletableFuture.failedFuture(
                                new NoSuchRRSetException(DomainNames.of("example.org"), Type.A))),
                        Type.A))
                .isEqualTo(new DnsAnswer.NoData(null, 0));
        assertThat(ask(service(request -> CompletableFuture.completedFuture(List.of())), Type.A))
                .isEqualTo(new DnsAnswer.NoData(null, 0));
    }

    @Test
    void returnsUnavailableNeverThrows() {
        Map<DNSService, Cause> services = Map.of(
                service(request -> CompletableFuture.failedFuture(new TimeoutException("slow"))), Cause.TIMEOUT,
                service(request -> CompletableFuture.failedFuture(
                                new CompletionException(new IllegalStateException("broken")))),
                        Cause.SERVER_FAILURE,
                service(request -> {
                            throw new IllegalArgumentException("broken");
                        }),
                        Cause.SERVER_FAILURE,
                service(request -> CompletableFuture.completedFuture(List.of("no address"))), Cause.BAD_ANSWER,
                service(request -> CompletableFuture.completedFuture(List.of("2001:db8::1"))), Cause.BAD_ANSWER);
        services.forEach((service, cause) -> assertThat(ask(service, Type.A))
                .isInstanceOfSatisfying(
                        Unavailable.class, answer -> assertThat(answer.cause()).isEqualTo(cause)));
    }

    @Test
    void waitsNoLongerThanTimeout() {
        CompletableFuture<List<String>> never = new CompletableFuture<>();
        DnsAnswer answer = ask(new JspfDnsClient(service(request -> never), Duration.ofMillis(20)), Type.A);
        assertThat(answer).isEqualTo(new Unavailable(Cause.TIMEOUT, "jSPF's DNSService: TimeoutException"));
        assertThat(never).as("somebody else's future").isNotDone();
    }

    @Test
    void returnsUnavailableForUnsupportedTypes() {
        DNSService service = service(request -> {
            throw new AssertionError("asked");
        });
        assertThat(ask(service, Type.SRV)).isInstanceOf(Unavailable.class);
    }

    @Test
    void unescapesAndSplitsTexts() {
        String longText = "x".repeat(600);
        DnsAnswer answer = ask(
                service(request -> CompletableFuture.completedFuture(
                        Arrays.asList("a\\\"b\\\\c\\195\\164\\2", "\\999", "\\", "", longText))),
                Type.TXT);
        assertThat(answer).isInstanceOfSatisfying(DnsAnswer.Records.class, records -> {
            assertThat(records.ttl()).isZero();
            assertThat(records.records())
                    .extracting(
                            record -> new String(DnsAnswer.Records.text((TXTRecord) record), StandardCharsets.UTF_8))
                    .containsExactly("a\"b\\c\u00e42", "999", "\\", "", longText);
        });
    }

    @Test
    void queriesNamesWithTrailingDot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JspfDnsClient(service(request -> null))
                        .query(Name.fromConstantString("example.org"), Type.A));
        StringBuilder asked = new StringBuilder();
        ask(
                service(request -> {
                    asked.append(request.getHostname());
                    return CompletableFuture.completedFuture(null);
                }),
                Type.A);
        assertThat(asked).hasToString("example.org.");
    }
}

package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

class ResolverDnsClientTest {

    private static final Name NAME = DomainNames.of("example.org");
    private static final Record SOA = record("example.org. 300 SOA ns. hostmaster. 1 3600 600 86400 60");

    @Test
    void returnsTtlAndAdditionalSection() {
        Records answer = (Records) ask(query -> reply(
                        query,
                        Rcode.NOERROR,
                        List.of(record("example.org. 300 A 192.0.2.1"), record("EXAMPLE.org. 200 A 192.0.2.2")),
                        List.of(),
                        List.of(record("x.example.org. 1 A 192.0.2.9"))))
                .get(0);
        assertThat(answer.records()).hasSize(2);
        assertThat(answer.ttl()).isEqualTo(200);
        assertThat(answer.additional()).hasSize(1);
    }

    @Test
    void answerWithTooManyRecordsIsUnavailable() {
        assertThat(ask(query ->
                        reply(query, Rcode.NOERROR, addresses(ResolverDnsClient.MAX_RECORDS), List.of(), List.of())))
                .hasOnlyElementsOfType(Records.class);
        assertThat(((Unavailable) ask(query -> reply(
                                        query,
                                        Rcode.NOERROR,
                                        addresses(ResolverDnsClient.MAX_RECORDS),
                                        List.of(),
                                        List.of(record("x.example.org. 1 A 192.0.2.9"))))
                                .get(0))
                        .cause())
                .isEqualTo(Cause.TOO_LARGE);
    }

    @Test
    void sharesOwnerOfAddressRecords() {
        Records answer = (Records) ask(query -> reply(query, Rcode.NOERROR, addresses(3), List.of(), List.of()))
                .get(0);
        assertThat(answer.records())
                .allSatisfy(record -> assertThat(record.getName())
                        .isSameAs(answer.records().get(0).getName()));
        assertThat(answer.records()).isEqualTo(addresses(3));
    }

    @Test
    void doesNotSendQueryAboveLimit() {
        List<CompletableFuture<Message>> asked = new ArrayList<>();
        DnsClient client = new ResolverDnsClient(
                new ScriptedResolver((query, executor) -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(asked.size() - 1);
                }),
                2);
        client.query(NAME, Type.A);
        client.query(NAME, Type.AAAA);
        Unavailable refused =
                (Unavailable) client.query(NAME, Type.MX).toCompletableFuture().join();
        assertThat(refused.cause()).isEqualTo(Cause.OVERLOADED);
        asked.get(0).completeExceptionally(new IOException("scripted"));
        assertThat(client.query(NAME, Type.MX).toCompletableFuture()).isNotDone();
        assertThat(asked).hasSize(3);
    }

    private static List<Record> addresses(int number) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            records.add(record("example.org. 300 A 192.0." + i / 256 + "." + i % 256));
        }
        return records;
    }

    @Test
    void ignoresRecordsOfOtherNamesAndTypes() {
        assertThat(ask(query -> reply(
                        query,
                        Rcode.NOERROR,
                        List.of(record("example.com. 300 A 192.0.2.1"), record("example.org. 300 TXT x")),
                        List.of(SOA),
                        List.of())))
                .containsExactly(new NoData(NAME, 60));
    }

    @Test
    void negativeAnswerHasZoneAndTtl() {
        assertThat(ask(query -> reply(query, Rcode.NXDOMAIN, List.of(), List.of(SOA), List.of())))
                .containsExactly(new NoSuchDomain(NAME, 60));
        assertThat(ask(query -> reply(query, Rcode.NXDOMAIN, List.of(), List.of(), List.of())))
                .containsExactly(new NoSuchDomain(null, 0));
    }

    @Test
    void followsChainInOneMessageWithoutFurtherQuery() {
        List<String> questions = new ArrayList<>();
        Records answer = (Records) ask(query -> {
                    questions.add(query.getQuestion().getName().toString());
                    return reply(
                            query,
                            Rcode.NOERROR,
                            List.of(
                                    record("b.example. 300 CNAME c.example."),
                                    record("example.org. 40 CNAME b.example."),
                                    record("c.example. 300 A 192.0.2.1")),
                            List.of(),
                            List.of());
                })
                .get(0);
        assertThat(answer.aliases()).hasToString("[b.example., c.example.]");
        assertThat(answer.ttl()).isEqualTo(40);
        assertThat(questions).hasSize(1);
    }

    @Test
    void followsChainThatServerDidNotFollow() {
        Records answer = (Records) ask(query -> query.getQuestion().getName().equals(NAME)
                        ? reply(
                                query,
                                Rcode.NOERROR,
                                List.of(record("example.org. 40 CNAME b.example.")),
                                List.of(),
                                List.of())
                        : reply(
                                query,
                                Rcode.NOERROR,
                                List.of(record("b.example. 300 A 192.0.2.1")),
                                List.of(),
                                List.of()))
                .get(0);
        assertThat(answer.aliases()).hasToString("[b.example.]");
        assertThat(answer.ttl()).isEqualTo(40);
    }

    @Test
    void negativeAnswerAfterAliasHasChain() {
        for (int rcode : new int[] {Rcode.NXDOMAIN, Rcode.NOERROR}) {
            DnsAnswer answer = ask(query -> reply(
                            query,
                            rcode,
                            List.of(
                                    record("example.org. 300 CNAME b.example."),
                                    record("b.example. 40 CNAME c.example.")),
                            List.of(SOA),
                            List.of()))
                    .get(0);
            List<Name> chain = List.of(DomainNames.of("b.example"), DomainNames.of("c.example"));
            assertThat(answer)
                    .isEqualTo(
                            rcode == Rcode.NXDOMAIN ? new NoSuchDomain(NAME, 40, chain) : new NoData(NAME, 40, chain));
            assertThat(answer.followed()).isEqualTo(chain);
        }
    }

    @Test
    void endlessChainEndsAtLimit() {
        List<Integer> questions = new ArrayList<>();
        List<DnsAnswer> answers = ask(query -> {
            questions.add(1);
            Name asked = query.getQuestion().getName();
            return reply(
                    query,
                    Rcode.NOERROR,
                    List.of(record(asked + " 40 CNAME n" + questions.size() + ".example.")),
                    List.of(),
                    List.of());
        });
        assertThat(((Unavailable) answers.get(0)).cause()).isEqualTo(Cause.ALIAS_CHAIN);
        assertThat(questions).hasSize(ResolverDnsClient.MAX_ALIASES + 1);
    }

    @Test
    void aliasLoopIsUnavailable() {
        List<DnsAnswer> answers = ask(query -> reply(
                query,
                Rcode.NOERROR,
                List.of(record("example.org. 40 CNAME b.example."), record("b.example. 40 CNAME example.org.")),
                List.of(),
                List.of()));
        assertThat(((Unavailable) answers.get(0)).cause()).isEqualTo(Cause.ALIAS_CHAIN);
    }

    @ParameterizedTest
    @CsvSource({
        Rcode.SERVFAIL + ",SERVER_FAILURE",
        Rcode.REFUSED + ",REFUSED",
        Rcode.FORMERR + ",BAD_ANSWER",
        Rcode.NOTIMP + ",BAD_ANSWER",
        Rcode.YXDOMAIN + ",BAD_ANSWER"
    })
    void otherRcodesAreUnavailable(int rcode, Cause cause) {
        List<DnsAnswer> answers =
                ask(query -> reply(query, rcode, List.of(record("example.org. 40 A 192.0.2.1")), List.of(), List.of()));
        assertThat(((Unavailable) answers.get(0)).cause()).isEqualTo(cause);
    }

    @Test
    void ignoresMismatchedResponse() {
        List<DnsAnswer> answers = ask(query -> {
            Message other = Message.newQuery(Record.newRecord(DomainNames.of("example.com"), Type.A, DClass.IN));
            return reply(other, Rcode.NOERROR, List.of(record("example.com. 1 A 192.0.2.1")), List.of(), List.of());
        });
        assertThat(((Unavailable) answers.get(0)).cause()).isEqualTo(Cause.BAD_ANSWER);
        assertThat(((Unavailable) ask(query -> query).get(0)).cause())
                .as("a query that comes back is no answer")
                .isEqualTo(Cause.BAD_ANSWER);
    }

    @Test
    void resolverFailureIsUnavailable() {
        assertThat(cause(new java.util.concurrent.TimeoutException("late"))).isEqualTo(Cause.TIMEOUT);
        assertThat(cause(new java.net.SocketTimeoutException("late"))).isEqualTo(Cause.TIMEOUT);
        assertThat(cause(new IOException("Timed out while trying to resolve example.org.")))
                .isEqualTo(Cause.TIMEOUT);
        assertThat(cause(new ConnectException("Connection refused"))).isEqualTo(Cause.NETWORK);
        assertThat(cause(new java.net.UnknownHostException("ns.invalid"))).isEqualTo(Cause.NETWORK);
        assertThat(cause(new WireParseException("end of input"))).isEqualTo(Cause.BAD_ANSWER);
        assertThat(cause(new IllegalStateException())).isEqualTo(Cause.NETWORK);
    }

    @Test
    void failureDetailIsOnePrintableLine() {
        Unavailable answer = (Unavailable) failing(new IOException("bad\r\nline \u001b[31m"));
        assertThat(answer.detail()).isEqualTo("bad??line ?[31m");
    }

    @Test
    void failureWithoutMessageHasDetail() {
        assertThat(((Unavailable) failing(new PortUnreachableException())).detail())
                .isEqualTo("nothing listens at the name server");
        assertThat(((Unavailable) failing(new ArithmeticException())).detail()).isEqualTo("ArithmeticException");
    }

    @Test
    void throwingResolverIsUnavailable() {
        DnsClient client = ResolverDnsClient.of(new ScriptedResolver((query, executor) -> {
            throw new IllegalArgumentException("no");
        }));
        assertThat(client.query(NAME, Type.A).toCompletableFuture().join()).isInstanceOf(Unavailable.class);
    }

    @Test
    void missingThreadIsUnavailable() {
        DnsClient client = ResolverDnsClient.of(new ScriptedResolver((query, executor) -> {
            throw new OutOfMemoryError("unable to create native thread");
        }));
        assertThat(client.query(NAME, Type.A).toCompletableFuture().join()).isInstanceOf(Unavailable.class);
    }

    private static Cause cause(Exception failure) {
        return ((Unavailable) failing(failure)).cause();
    }

    private static DnsAnswer failing(Exception failure) {
        return ResolverDnsClient.of(new ScriptedResolver((query, executor) -> CompletableFuture.failedFuture(failure)))
                .query(NAME, Type.A)
                .toCompletableFuture()
                .join();
    }

    @Test
    void answersShareThreads() {
        DnsClient client = ResolverDnsClient.of(new ScriptedResolver(ResolverDnsClientTest::address));
        Set<String> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 200; i++) {
            client.query(NAME, Type.A)
                    .thenRun(() -> threads.add(Thread.currentThread().getName()))
                    .toCompletableFuture()
                    .join();
        }
        // An answer that is there already continues on the thread of the caller.
        threads.remove(Thread.currentThread().getName());
        assertThat(threads).hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() + 2);
        assertThat(threads).allMatch(name -> name.startsWith("senderauth-dns-"));
    }

    @Test
    void continuationMayWaitForAnotherAnswer() {
        DnsClient client = ResolverDnsClient.of(new ScriptedResolver(ResolverDnsClientTest::address));
        assertThat(nested(client, 20)).isEqualTo(20);
    }

    private static int nested(DnsClient client, int levels) {
        return levels == 0
                ? 0
                : client.query(NAME, Type.A)
                        .thenApply(answer -> 1 + nested(client, levels - 1))
                        .toCompletableFuture()
                        .orTimeout(1, TimeUnit.MINUTES)
                        .join();
    }

    private static CompletionStage<Message> address(Message query, Executor executor) {
        return CompletableFuture.supplyAsync(
                () -> reply(query, Rcode.NOERROR, addresses(1), List.of(), List.of()), executor);
    }

    private static List<DnsAnswer> ask(Function<Message, Message> server) {
        DnsClient client = ResolverDnsClient.of(
                new ScriptedResolver((query, executor) -> CompletableFuture.completedFuture(server.apply(query))));
        return List.of(client.query(NAME, Type.A).toCompletableFuture().join());
    }

    private static Message reply(
            Message query, int rcode, List<Record> answer, List<Record> authority, List<Record> additional) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setRcode(rcode);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        answer.forEach(record -> reply.addRecord(record, Section.ANSWER));
        authority.forEach(record -> reply.addRecord(record, Section.AUTHORITY));
        additional.forEach(record -> reply.addRecord(record, Section.ADDITIONAL));
        return reply;
    }

    private static Record record(String line) {
        try (org.xbill.DNS.Master master = new org.xbill.DNS.Master(
                new java.io.ByteArrayInputStream(line.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))) {
            return master.nextRecord();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A resolver whose answers are a function of the query. */
    private record ScriptedResolver(BiFunction<Message, Executor, CompletionStage<Message>> server)
            implements Resolver {

        @Override
        public CompletionStage<Message> sendAsync(Message query) {
            return sendAsync(query, Runnable::run);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            return server.apply(query, executor);
        }

        @Override
        public void setPort(int port) {}

        @Override
        public void setTCP(boolean flag) {}

        @Override
        public void setIgnoreTruncation(boolean flag) {}

        @Override
        public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(TSIG key) {}

        @Override
        public void setTimeout(Duration timeout) {}
    }
}

package org.senderauth.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Messages that a name server sends as its response, whatever it was asked. */
public final class DnsAnswerFuzz {

    private static final Name ELSEWHERE = DomainNames.of("example.org");

    private DnsAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        DnsClient client = ResolverDnsClient.of(new Sending(data));
        read(client, ELSEWHERE, Type.TXT);
        Record question = question(data);
        if (question != null && question.getName().isAbsolute()) {
            read(client, question.getName(), question.getType());
        }
    }

    private static void read(DnsClient client, Name name, int type) {
        DnsAnswer answer = client.query(name, type).toCompletableFuture().join();
        if (answer instanceof DnsAnswer.Records records) {
            records.records().stream()
                    .filter(TXTRecord.class::isInstance)
                    .forEach(record -> DnsAnswer.Records.text((TXTRecord) record));
            if (records.ttl() < 0) {
                throw new AssertionError("a negative time to live: " + records.ttl());
            }
        }
    }

    private static @Nullable Record question(byte[] data) {
        try {
            return new Message(data).getQuestion();
        } catch (IOException notAMessage) {
            return null;
        }
    }

    private record Sending(byte[] data) implements Resolver {

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            try {
                return CompletableFuture.completedFuture(new Message(data));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
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

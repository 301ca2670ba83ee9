package org.senderauth.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.impl.SPF;
import org.jspecify.annotations.Nullable;

/** Apache James jSPF over the same data: TXT and A records in memory, type 99 never there. */
final class JspfPeer {

    private JspfPeer() {}

    static SPF over(Map<String, String> texts, String addressName, LongConsumer latency, long millis) {
        return new SPF(new MemoryDns(texts, addressName, latency, millis));
    }

    private record MemoryDns(Map<String, String> texts, String addressName, LongConsumer latency, long millis)
            implements DNSService {

        @Override
        public @Nullable List<String> getRecords(DNSRequest request) {
            if (request.getRecordType() == DNSRequest.SPF) {
                return List.of();
            }
            latency.accept(millis);
            String name = request.getHostname();
            if (request.getRecordType() == DNSRequest.TXT && texts.containsKey(name)) {
                return new ArrayList<>(List.of(texts.get(name)));
            }
            if (request.getRecordType() == DNSRequest.A && name.equals(addressName)) {
                return new ArrayList<>(List.of("127.0.0.2"));
            }
            return null;
        }

        @Override
        public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
            return CompletableFuture.completedFuture(getRecords(request));
        }

        @Override
        public List<String> getLocalDomainNames() {
            return List.of("localhost");
        }

        @Override
        public void setTimeOut(int timeOut) {}

        @Override
        public int getRecordLimit() {
            return 10;
        }

        @Override
        public void setRecordLimit(int recordLimit) {}
    }
}

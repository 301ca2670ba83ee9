package org.senderauth.dns;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.Name;

/** A client whose failures are temporary failures of the DNS. Thread-safe if the other client is. */
record GuardedDnsClient(DnsClient client) implements DnsClient {

    GuardedDnsClient {
        Objects.requireNonNull(client, "client");
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        if (!name.isAbsolute()) {
            throw new IllegalArgumentException("name must be absolute, was " + name);
        }
        try {
            CompletionStage<DnsAnswer> stage = client.query(name, type);
            // The usual case costs nothing: an answer from a cache.
            if (stage instanceof CompletableFuture<DnsAnswer> done
                    && done.isDone()
                    && !done.isCompletedExceptionally()
                    && done.join() != null) {
                return stage;
            }
            return stage.handle((answer, failure) -> answer == null ? unavailable(failure) : answer);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unavailable(e));
        }
    }

    private static Unavailable unavailable(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Unavailable(Cause.NETWORK, "DNS client failed: " + (cause == null ? "no answer" : cause));
    }
}

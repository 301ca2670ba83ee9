package org.senderauth.cli;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/** Sends at most so many queries per second, evenly spaced: the calling thread waits for its turn. Thread-safe. */
final class PacedDnsClient implements DnsClient {

    private final DnsClient dns;
    private final long interval;
    private final LongSupplier nanoTime;
    private final LongConsumer pause;
    private long next;

    private PacedDnsClient(DnsClient dns, int perSecond, LongSupplier nanoTime, LongConsumer pause) {
        this.dns = dns;
        this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.next = nanoTime.getAsLong();
    }

    static PacedDnsClient of(DnsClient dns, int perSecond) {
        return of(dns, perSecond, System::nanoTime, LockSupport::parkNanos);
    }

    static PacedDnsClient of(DnsClient dns, int perSecond, LongSupplier nanoTime, LongConsumer pause) {
        return new PacedDnsClient(dns, perSecond, nanoTime, pause);
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        long turn = turn();
        // A pause may end early.
        for (long left = turn - nanoTime.getAsLong();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = turn - nanoTime.getAsLong()) {
            pause.accept(left);
        }
        return dns.query(name, type);
    }

    private synchronized long turn() {
        long now = nanoTime.getAsLong();
        long turn = next - now > 0 ? next : now;
        next = turn + interval;
        return turn;
    }
}

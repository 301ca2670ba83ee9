package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class FailurePolicyTest {

    private static final Error NO_THREAD =
            new OutOfMemoryError("unable to create native thread: possibly out of memory");
    private static final Error NO_MEMORY = new OutOfMemoryError("Java heap space");

    private final StringWriter lines = new StringWriter();
    private final LogQueue log = LogQueue.start(lines);
    private final List<String> ends = new ArrayList<>();
    private final FailurePolicy policy = new FailurePolicy(log, ends::add);

    @AfterEach
    void endLog() {
        log.close();
    }

    private static Thread named(String name) {
        return new Thread(() -> {}, name);
    }

    @Test
    void endsWhenMemoryRanOutEvenIfThatWasCaught() {
        policy.check(new CompletionException(new IllegalStateException(NO_MEMORY)));
        assertThat(ends).singleElement().asString().startsWith("java.lang.OutOfMemoryError: Java heap space at ");
    }

    @Test
    void survivesWhatConcernsOneRequest() {
        policy.check(new IllegalStateException("x"));
        policy.check(new StackOverflowError());
        policy.check(NO_THREAD);
        policy.check(new CompletionException(NO_THREAD));
        Exception looped = new Exception();
        looped.initCause(new Exception(looped));
        policy.check(looped);
        assertThat(ends).isEmpty();
    }

    @Test
    void endsOnFatalErrorButNotForLackOfThreads() {
        policy.uncaughtException(named("any"), NO_THREAD);
        assertThat(ends).isEmpty();
        policy.uncaughtException(named("any"), new NoClassDefFoundError("gone"));
        assertThat(ends).singleElement().asString().startsWith("thread any failed: java.lang.NoClassDefFoundError");
    }

    @Test
    void endsWhenANeededThreadDiesOfAnything() {
        policy.uncaughtException(named("pool-1"), new IllegalStateException("x\ny"));
        assertThat(ends).isEmpty();
        for (String name : FailurePolicy.NEEDED_THREADS) {
            policy.uncaughtException(named(name), new IllegalStateException("x"));
        }
        assertThat(ends).hasSize(FailurePolicy.NEEDED_THREADS.size());
        log.close();
        assertThat(lines.toString())
                .startsWith("failed thread=\"pool-1\" cause=")
                .hasLineCount(1);
    }

    @Test
    void endsWhenAListenerDied() {
        policy.terminated("policy on inet:127.0.0.1:1", NO_THREAD);
        assertThat(ends).singleElement().asString().startsWith("policy on inet:127.0.0.1:1 failed: ");
    }

    /** The names are those of other projects, and may change with them. */
    @Test
    void neededThreadsAreThoseThatRun() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        HttpEndpoint http = HttpEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                executor,
                () -> "",
                () -> new HealthCheck.Result(true, "ok", 0));
        try {
            SimpleResolver tcp = new SimpleResolver(http.address());
            tcp.setTCP(true);
            ResolverDnsClient.of(tcp).query(DomainNames.of("example.org"), Type.A);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .containsAll(FailurePolicy.NEEDED_THREADS);
        } finally {
            http.close();
            executor.shutdownNow();
        }
    }
}

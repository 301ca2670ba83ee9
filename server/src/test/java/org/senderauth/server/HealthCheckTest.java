package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.dns.DomainNames;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyAction;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.postfix.SocketmapProtocol;

@Timeout(120)
class HealthCheckTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path folder;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final AtomicLong clock = new AtomicLong();
    private final List<ListenerProbe> listeners = new ArrayList<>();
    private final AtomicReference<CompletionStage<Boolean>> dependency =
            new AtomicReference<>(CompletableFuture.completedFuture(true));
    private final HealthCheck health = new HealthCheck(
            () -> listeners, List.of(new HealthCheck.Dependency("the DNS", () -> dependency.get())), clock::get);

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private MtaServer policy() throws IOException {
        return MtaServer.builder(new PolicyProtocol(request -> PolicyAction.DUNNO), pool)
                .limits(ServerLimits.DEFAULT.withConnections(1))
                .start(ANY_PORT);
    }

    @Test
    void isGoodWhileEachListenerAnswers() throws Exception {
        try (MtaServer policy = policy();
                MtaServer maps = MtaServer.builder(new SocketmapProtocol(Map.of()), pool)
                        .start(UnixDomainSocketAddress.of(folder.resolve("map")))) {
            listeners.add(ListenerProbe.policy(policy.address()));
            assertThat(health.result().text()).isEqualTo("ok: 1 listener");
            listeners.add(ListenerProbe.socketmap(maps.address()));
            clock.addAndGet(HealthCheck.KEPT.toNanos());
            assertThat(health.result().text()).isEqualTo("ok: 2 listeners");
            assertThat(health.result().good()).isTrue();
        }
    }

    @Test
    void namesTheListenerThatIsGone() throws Exception {
        MtaServer policy = policy();
        listeners.add(ListenerProbe.policy(policy.address()));
        policy.close();
        assertThat(health.result().good()).isFalse();
        assertThat(health.result().text())
                .isEqualTo("listener policy on " + ListenAddress.text(policy.address()) + " does not answer");
    }

    /** What a thread that died leaves: the kernel still takes connections. */
    @Test
    void noticesAListenerThatAcceptsAndSaysNothing() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) deaf.getLocalSocketAddress();
            listeners.add(ListenerProbe.policy(address));
            assertThat(health.result().good()).isFalse();
            listeners.set(0, ListenerProbe.dns(address, DomainNames.of("example.org"), false));
            clock.addAndGet(HealthCheck.KEPT.toNanos());
            assertThat(health.result().text()).startsWith("listener dns (tcp) on ");
            listeners.set(0, ListenerProbe.dns(address, DomainNames.of("example.org"), true));
            clock.addAndGet(HealthCheck.KEPT.toNanos());
            assertThat(health.result().text()).startsWith("listener dns (udp) on ");
        }
    }

    @Test
    void noticesAnAnswerThatIsNotProper() throws Exception {
        try (MtaServer policy = policy()) {
            listeners.add(ListenerProbe.socketmap(policy.address()));
            assertThat(health.result().good()).isFalse();
        }
    }

    @Test
    void usesTheListenersOnlyOnceInAWhile() throws Exception {
        MtaServer policy = policy();
        listeners.add(ListenerProbe.policy(policy.address()));
        assertThat(health.result().good()).isTrue();
        policy.close();
        clock.addAndGet(HealthCheck.KEPT.toNanos() - 1);
        assertThat(health.result().good()).isTrue();
        clock.incrementAndGet();
        assertThat(health.result().good()).isFalse();
    }

    @Test
    void isNotReadyWithoutADependency() {
        List<CompletionStage<Boolean>> dead = List.of(
                CompletableFuture.completedFuture(false),
                CompletableFuture.failedFuture(new IllegalStateException("broken")),
                new CompletableFuture<>());
        for (CompletionStage<Boolean> state : dead) {
            dependency.set(state);
            clock.addAndGet(HealthCheck.KEPT.toNanos());
            assertThat(health.result().good()).isFalse();
            assertThat(health.result().text()).isEqualTo("the DNS does not answer; the service is alive");
        }
        dependency.set(CompletableFuture.completedFuture(true));
        clock.addAndGet(HealthCheck.KEPT.toNanos());
        assertThat(health.result().good()).isTrue();
    }
}

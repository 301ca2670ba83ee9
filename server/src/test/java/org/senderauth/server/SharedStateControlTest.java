package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.RedisPeer;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisSettings;
import org.senderauth.redis.SharedRedis;
import org.senderauth.server.control.ControlClient;
import org.senderauth.server.control.ControlException;
import org.senderauth.server.web.WebClient;

/** The command {@code state} and the page Callouts of a host that shares the state of callouts in a real Redis. */
@Timeout(300)
class SharedStateControlTest {

    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private RedisPeer redis;
    private SharedRedis other;
    private Service service;
    private WebClient pages;

    @BeforeEach
    void start() throws Exception {
        redis = RedisPeer.start(folder);
        Path config = folder.resolve("senderauth.yaml");
        SecretFiles.create(folder.resolve("web.token"), "a token of the test".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(config, """
                hostname: mx.example.org
                listen: {policy: inet:127.0.0.1:0, control: "unix:%s/control", web: 127.0.0.1:0}
                web: {token-file: web.token}
                steps: {spf: {mode: enforce}}
                redis: {uri: "%s", hosts: 2, deadline-ms: 10000}
                """.formatted(folder, redis.uri()));
        service = Service.start(config, new PrintWriter(log, true), CLOCK);
        pages = new WebClient((InetSocketAddress) service.webAddress(), "a token of the test");
        other = SharedRedis.connect(
                RedisSettings.of(redis.uri()).withDeadline(Duration.ofSeconds(10)), RedisObserver.NONE);
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        if (other != null) {
            other.close();
        }
        redis.close();
    }

    @Test
    void listsAndEvictsWhatAnotherHostHasStored() throws Exception {
        store("alice@example.net", "carol@example.net");
        assertThat(ask("state", "topic", "callouts"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"kind\":\"address\",\"name\":\"#")
                        && line.contains("\"state\":\"accepted\",\"until\":\"20"));
        assertThat(pages.get("/callouts").body()).contains("<td data-label=\"State\">accepted</td>");
        assertThat(ask("state", "topic", "limits")).anyMatch(line -> line.startsWith("{\"kind\":\"global\""));
        assertThat(ask("forget", "what", "alice@example.net")).containsExactly("{\"evicted\":\"1\",\"note\":\"\"}");
        assertThat(ask("forget", "what", "alice@example.net")).containsExactly("{\"evicted\":\"0\",\"note\":\"\"}");
        String token = pages.get("/callouts").formToken();
        assertThat(pages.post("/callouts/forget", token, Map.of("what", "example.net"))
                        .body())
                .contains("example.net: 0 entries evicted; addresses that only other hosts know are evicted too");
        assertThat(ask("state", "topic", "callouts")).isEmpty();
    }

    @Test
    void reportsAStoppedRedisInOneLine() throws Exception {
        redis.kill();
        for (Map.Entry<String, String> request :
                List.of(Map.entry("state", "callouts"), Map.entry("state", "breakers"), Map.entry("state", "limits"))) {
            assertUnavailable(() -> ask(request.getKey(), "topic", request.getValue()));
        }
        for (String what : List.of("alice@example.net", "example.net", "192.0.2.1")) {
            assertUnavailable(() -> ask("forget", "what", what));
        }
        assertThat(ask("state", "topic", "keys")).isEmpty();
        assertThat(pages.get("/callouts").body())
                .contains("<p>the state of callouts is in Redis, which did not answer: ");
    }

    private static void assertUnavailable(ThrowingCallable asking) {
        assertThatThrownBy(asking)
                .isInstanceOfSatisfying(
                        ControlException.class, e -> assertThat(e.isTemporary()).isTrue())
                .hasMessageMatching("the state of callouts is in Redis, which did not answer: [ -~]+");
    }

    private List<String> ask(String command, String name, String value) throws IOException {
        List<String> lines = new ArrayList<>();
        new ControlClient(folder.resolve("control")).ask(Map.of("command", command, name, value), lines::add);
        return lines;
    }

    private void store(String... addresses) {
        CalloutState state = other.calloutState(CalloutLimits.DEFAULT, MonotonicClock.system());
        for (String address : addresses) {
            AddressCacheKeys keys = AddressCacheKeys.sender(MailAddress.of(address));
            AdmissionRequest question = new AdmissionRequest(
                    keys.exact(), null, null, keys.domain(), keys.registrable(), "198.51.100.1", true, 1, false);
            // So that the clocks of both are known.
            Admission admission = state.admit(question).toCompletableFuture().join();
            assertThat(admission).isInstanceOf(Admission.Limited.class);
            Instant now = MonotonicClock.system().instant();
            Instant later = now.plus(Duration.ofDays(1));
            state.apply(new StateUpdate(
                    new ProbePermit(question, "none", null, null, DomainEntry.NONE, false),
                    Map.of(
                            question.address(),
                            new AddressEntry(CalloutReason.ACCEPTED, null, now, later, later, later, 0)),
                    null,
                    Map.of(),
                    Map.of(),
                    StateUpdate.Tally.GOOD,
                    false,
                    null));
        }
    }
}

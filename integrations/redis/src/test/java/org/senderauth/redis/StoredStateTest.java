package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutStateAdmin.Contents;
import org.senderauth.callout.state.CalloutStateAdmin.Listing;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.peers.RedisPeer;
import org.senderauth.testkit.ManualClock;

/** What an administrator of one host sees and evicts of what several hosts keep in a real Redis. */
class StoredStateTest {

    private static final int ALL = 10_000;

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private RedisPeer server;
    private RedisSettings settings;
    private SharedRedis redis;
    private RedisCalloutState one;
    private RedisCalloutState other;

    @BeforeEach
    void start() {
        server = RedisPeer.start(folder);
        settings = RedisFixture.settings(server);
        redis = SharedRedis.connect(settings, RedisObserver.NONE);
        redis.link().run(Script.START, redis.names().start("0000"), "1000000").join();
        one = host();
        other = host();
    }

    @AfterEach
    void end() {
        redis.close();
        server.close();
    }

    private RedisCalloutState host() {
        return new RedisCalloutState(
                redis.link(), redis.names(), settings, CalloutLimits.DEFAULT, new RedisClock(clock.monotonic(), true));
    }

    @Test
    void listsTheHashOfANameThatOnlyAnotherHostKnows() throws Exception {
        learn(one, "alice@d1.test");
        Instant until = clock.instant().plus(Duration.ofDays(7));
        assertThat(one.entries(Listing.CALLOUTS, ALL, clock).entries())
                .containsExactly(new StateEntry("sender", "alice@d1.test", "accepted", Optional.of(until), ""));
        assertThat(other.entries(Listing.CALLOUTS, ALL, clock).entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo("address");
                    assertThat(entry.name()).matches("#[\\w-]{22}");
                    assertThat(entry.state()).isEqualTo("accepted");
                    assertThat(entry.until()).contains(until);
                });
        RedisFixture.admit(other, question("alice@d1.test"));
        assertThat(other.entries(Listing.CALLOUTS, ALL, clock).entries())
                .extracting(StateEntry::name)
                .containsExactly("alice@d1.test");
    }

    @Test
    void evictsWhatOnlyAnotherHostKnows() throws Exception {
        learn(one, "alice@d1.test");
        learn(one, "bob@d1.test");
        learn(one, "carol@d2.test");
        assertThat(other.forget(MailAddress.of("alice@d1.test"))).isEqualTo(1);
        assertThat(RedisFixture.admit(one, question("alice@d1.test"))).isInstanceOf(Granted.class);
        clock.advance(Duration.ofMinutes(2));
        assertThat(other.forgetDomain("d1.test")).isZero();
        assertThat(RedisFixture.admit(one, question("bob@d1.test"))).isInstanceOf(Granted.class);
        assertThat(RedisFixture.admit(one, question("carol@d2.test"))).isInstanceOf(Known.class);
        for (RedisCalloutState host : new RedisCalloutState[] {one, other}) {
            assertThat(host.entries(Listing.CALLOUTS, ALL, clock).entries()).hasSize(1);
        }
    }

    @Test
    void ignoresEvictionOfADomainInTheFuture() throws Exception {
        learn(one, "alice@d1.test");
        one.forgetDomain("d2.test");
        String marker = server.command("KEYS", "*:f:*").lines().findFirst().orElseThrow();
        String wanted = new CalloutKeys(redis.names()).forgotten("s:d1.test", "s:d1.test");
        assertThat(marker).matches(".*:f:[\\w-]{22}");
        server.command("SET", wanted, "1 9007199254740992");
        assertThat(RedisFixture.admit(one, question("alice@d1.test"))).isInstanceOf(Known.class);
        server.command("SET", wanted, "no number");
        assertThat(RedisFixture.admit(one, question("alice@d1.test"))).isInstanceOf(Known.class);
    }

    @Test
    void listsNeitherOtherProgramsKeysNorDamagedOnes() throws Exception {
        learn(one, "alice@d1.test");
        String answer = new CalloutKeys(redis.names()).answer("s:d1.test", "s:alice@d1.test");
        for (int i = 0; i < 3_000; i++) {
            server.command("SET", "other:{0000}:a:" + i, "text");
        }
        String prefix = settings.prefix();
        server.command("SET", prefix + ":{0000}:a:AAAAAAAAAAAAAAAAAAAAAA", "no answer");
        server.command("HSET", prefix + ":{0000}:a:BBBBBBBBBBBBBBBBBBBBBB", "a", "b");
        server.command("SET", prefix + ":{0000}:a:CCCCCCCCCCCCCCCCCCCCCC", "x".repeat(100_000));
        server.command("SET", prefix + ":{0000}:b:DDDDDDDDDDDDDDDDDDDDDD", "1 text");
        server.command("SADD", prefix + ":{0000}:m:EEEEEEEEEEEEEEEEEEEEEE", "text");
        server.command("SET", prefix + ":{0000}:c:FFFFFFFFFFFFFFFFFFFFFF", "text");
        server.command("SET", prefix + ":{0000}:a:\u202ehostile\n", server.command("GET", answer));
        assertThat(one.entries(Listing.CALLOUTS, ALL, clock).entries()).hasSize(1);
        assertThat(one.entries(Listing.BREAKERS, ALL, clock).entries()).isEmpty();
        assertThat(one.entries(Listing.LIMITS, ALL, clock).entries())
                .extracting(StateEntry::kind)
                .containsExactlyInAnyOrder("global", "domain");
        assertThat(redis.isAvailable()).isTrue();
    }

    @Test
    void listsKnownNamesFirst() throws Exception {
        for (int i = 0; i < 20; i++) {
            learn(one, "a" + i + "@d" + i + ".test");
        }
        for (int i = 0; i < 5; i++) {
            RedisFixture.admit(other, question("a" + i + "@d" + i + ".test"));
        }
        Contents some = other.entries(Listing.CALLOUTS, 6, clock);
        assertThat(some.complete()).isFalse();
        assertThat(some.entries())
                .hasSize(6)
                .filteredOn(entry -> entry.kind().equals("sender"))
                .hasSize(5);
    }

    @Test
    void reportsAStoppedRedisInOneLine() throws Exception {
        learn(one, "alice@d1.test");
        server.kill();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> one.entries(Listing.CALLOUTS, ALL, clock))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("the state of callouts is in Redis, which did not answer: [ -~]+");
        }
        assertThatThrownBy(() -> one.forget(MailAddress.of("alice@d1.test"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> one.forgetDomain("d1.test")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> one.forgetHost(InetAddress.getByName("192.0.2.1")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void reportsMissingRightWithoutAnOutage() throws Exception {
        learn(one, "alice@d1.test");
        server.command("ACL", "SETUSER", "default", "-scan");
        assertThatThrownBy(() -> one.entries(Listing.CALLOUTS, ALL, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NOPERM")
                .hasMessageContaining("scan");
        assertThat(redis.isAvailable()).isTrue();
        assertThat(RedisFixture.admit(one, question("alice@d1.test"))).isInstanceOf(Known.class);
    }

    private void learn(RedisCalloutState host, String address) {
        ProbePermit permit = ((Granted) RedisFixture.admit(host, question(address))).grant();
        host.apply(new StateUpdate(
                permit,
                Map.of(permit.question().address(), RedisFixture.good(clock)),
                null,
                Map.of(),
                Map.of(),
                StateUpdate.Tally.NONE,
                false,
                null));
        host.release(permit);
    }

    private static AdmissionRequest question(String address) {
        AddressCacheKeys keys = AddressCacheKeys.sender(MailAddress.of(address));
        return new AdmissionRequest(
                keys.exact(),
                keys.base(),
                keys.pattern(),
                keys.domain(),
                keys.registrable(),
                "198.51.100.1",
                true,
                1,
                true);
    }
}

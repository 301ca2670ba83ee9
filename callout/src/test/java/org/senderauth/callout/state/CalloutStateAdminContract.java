package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.CalloutStateAdmin.Contents;
import org.senderauth.callout.state.CalloutStateAdmin.Listing;
import org.senderauth.callout.state.StateUpdate.Tally;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.testkit.ManualClock;

/** What every state lists and evicts for an administrator, wherever it is. Extend it and return a new state. */
public abstract class CalloutStateAdminContract {

    private static final CalloutLimits LIMITS = CalloutStateContract.LIMITS;
    private static final int ALL = 1_000;
    private static final String CLIENT = "198.51.100.9";

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    private CalloutState state;
    private CalloutStateAdmin admin;

    /** For subclasses. */
    protected CalloutStateAdminContract() {}

    /**
     * Makes an empty state, which is a {@link CalloutStateAdmin} as well.
     *
     * @param limits its limits
     * @param clock the clock that it must go by
     * @return a state that shares nothing with any other
     */
    protected abstract CalloutState create(CalloutLimits limits, MonotonicClock clock);

    @BeforeEach
    void start() {
        state = create(LIMITS, clock.monotonic());
        admin = (CalloutStateAdmin) state;
    }

    @Test
    void listsNothingOfAnEmptyState() throws Exception {
        for (Listing listing : Listing.values()) {
            assertThat(admin.entries(listing, ALL, clock)).isEqualTo(new Contents(List.of(), true));
        }
    }

    @Test
    void listsAddressesDomainsAndServersWithTheirTimes() throws Exception {
        store(sender("alice@d1.test"), positive());
        store(sender("prvs=0123abcdef=news@d1.test"), positive());
        AddressEntry rejected = negative(new TargetReply(550, "5.1.1", "no such user"));
        store(recipient("Bob@D2.test"), rejected);
        DomainEntry facts = new DomainEntry(
                negative(null), ProbeReport.TriState.YES, clock.instant().plus(Duration.ofDays(2)));
        HostEntry host = new HostEntry(null, Instant.EPOCH, 0, clock.instant().plus(Duration.ofDays(3)), Instant.EPOCH);
        AdmissionRequest asked = sender("carol@d3.test");
        ProbePermit permit = granted(asked);
        state.admitHost(new MailServer(host("192.0.2.7"), null), permit);
        state.apply(new StateUpdate(
                permit, Map.of(), facts, Map.of(host("192.0.2.7"), host), Map.of(), Tally.NONE, false, null));
        state.release(permit);
        Instant day = clock.instant().plus(Duration.ofDays(1));
        Contents contents = admin.entries(Listing.CALLOUTS, ALL, clock);
        assertThat(contents.complete()).isTrue();
        assertThat(contents.entries())
                .containsExactlyInAnyOrder(
                        new StateEntry("sender", "alice@d1.test", "accepted", Optional.of(day), ""),
                        new StateEntry("base", "news@d1.test", "accepted", Optional.of(day), ""),
                        new StateEntry(
                                "recipient",
                                "Bob@d2.test",
                                "no-such-mailbox",
                                Optional.of(rejected.freshUntil()),
                                "550 5.1.1 no such user"),
                        new StateEntry("domain", "d3.test", "no-such-mailbox", Optional.of(rejected.freshUntil()), ""),
                        new StateEntry("domain", "d3.test", "catch-all", Optional.of(facts.catchAllUntil()), ""),
                        new StateEntry(
                                "host", "192.0.2.7", "requires STARTTLS", Optional.of(host.needsTlsUntil()), ""));
        clock.advance(Duration.ofHours(30));
        assertThat(admin.entries(Listing.CALLOUTS, ALL, clock).entries())
                .contains(new StateEntry(
                        "sender", "alice@d1.test", "accepted (stale)", Optional.of(day.plus(Duration.ofDays(6))), ""))
                .noneMatch(entry -> entry.state().startsWith("no-such-mailbox"));
    }

    @Test
    void listsOpenBreakersAndBackoffs() throws Exception {
        MailServer server = new MailServer(host("192.0.2.7"), "mx.test");
        Instant blocked = clock.instant().plus(Duration.ofHours(9));
        HostEntry busy = new HostEntry(CalloutReason.HOST_BUSY, blocked, 2, Instant.EPOCH, Instant.EPOCH);
        AdmissionRequest asked = sender("a@d1.test");
        ProbePermit permit = granted(asked);
        state.admitHost(server, permit);
        for (int i = 0; i < LIMITS.forgeryThreshold(); i++) {
            state.apply(new StateUpdate(
                    permit,
                    Map.of(),
                    null,
                    Map.of(server.address(), busy),
                    Map.of(server, Tally.BAD),
                    Tally.BAD,
                    false,
                    null));
        }
        String negative = "nearly all answers were negative: ";
        Instant ofDomain = clock.instant().plus(StateConstants.TRICKLE);
        Instant ofHost = clock.instant().plus(BreakerScope.UNPROVEN.openTime());
        assertThat(admin.entries(Listing.BREAKERS, ALL, clock))
                .satisfies(contents -> assertThat(contents.complete()).isTrue())
                .extracting(Contents::entries)
                .asInstanceOf(InstanceOfAssertFactories.list(StateEntry.class))
                .containsExactlyInAnyOrder(
                        new StateEntry(
                                "host", "192.0.2.7", "backoff", Optional.of(blocked), "host-busy, repeated 2 times"),
                        new StateEntry(
                                "domain",
                                "d1.test",
                                "open",
                                Optional.of(ofDomain),
                                negative + "mail that does not pass SPF"),
                        new StateEntry("host", "192.0.2.7", "open", Optional.of(ofHost), negative + "unproven"),
                        new StateEntry("host", "mx.test", "open", Optional.of(ofHost), negative + "unproven"));
        clock.advance(Duration.ofHours(10));
        assertThat(admin.entries(Listing.BREAKERS, ALL, clock).entries()).isEmpty();
    }

    @Test
    void listsRateLimitsInUse() throws Exception {
        ProbePermit permit = granted(sender("a@d1.test"));
        state.admitHost(new MailServer(host("192.0.2.7"), null), permit);
        state.apply(new StateUpdate(permit, Map.of(), null, Map.of(), Map.of(), Tally.NONE, true, null));
        state.release(permit);
        List<StateEntry> entries = admin.entries(Listing.LIMITS, ALL, clock).entries();
        assertThat(entries)
                .contains(
                        new StateEntry(
                                "domain",
                                "d1.test",
                                "1 of 4",
                                Optional.of(clock.instant().plus(Duration.ofSeconds(10))),
                                "one more every 10000 ms"),
                        new StateEntry(
                                "host",
                                "192.0.2.7",
                                "1 of 4",
                                Optional.of(clock.instant().plus(Duration.ofSeconds(1))),
                                "one more every 1000 ms"),
                        new StateEntry(
                                "client",
                                CLIENT,
                                "1 of 3",
                                Optional.of(clock.instant().plus(StateConstants.CLIENT_WINDOW)),
                                ""))
                .anyMatch(
                        entry -> entry.kind().equals("global") && entry.state().startsWith("1 of "))
                .hasSize(4);
        clock.advance(Duration.ofHours(1));
        assertThat(admin.entries(Listing.LIMITS, ALL, clock).entries()).isEmpty();
    }

    @Test
    void listsNoMoreThanWanted() throws Exception {
        for (int i = 0; i < 7; i++) {
            store(sender("a@d" + i + ".test"), positive());
            clock.advance(Duration.ofSeconds(10));
        }
        Contents some = admin.entries(Listing.CALLOUTS, 5, clock);
        assertThat(some.entries()).hasSize(5);
        assertThat(some.complete()).isFalse();
        assertThat(admin.entries(Listing.CALLOUTS, 7, clock).complete()).isTrue();
    }

    @Test
    void probesEvictedAddressAgain() throws Exception {
        store(sender("prvs=0123abcdef=news@d1.test"), positive());
        store(sender("alice@d1.test"), positive());
        assertThat(admin.forget(address("news@D1.test"))).isZero();
        assertThat(admin.forget(address("prvs=0123abcdef=news@d1.test"))).isEqualTo(1);
        assertThat(admin.forget(address("Alice@d1.test"))).isZero();
        assertThat(admin.entries(Listing.CALLOUTS, ALL, clock).entries())
                .extracting(StateEntry::name)
                .containsExactly("alice@d1.test");
        clock.advance(Duration.ofMinutes(1));
        granted(sender("prvs=0123abcdef=news@d1.test"));
        assertThat(admit(sender("alice@d1.test"))).isInstanceOf(Admission.Known.class);
    }

    @Test
    void probesEvictedMemberOfAPatternAgain() throws Exception {
        for (int i = 1; i <= StateUpdate.PROOFS; i++) {
            ProbePermit permit = granted(sender("list-return-" + i + "-user=example.com@d1.test"));
            state.apply(new StateUpdate(permit, Map.of(), null, Map.of(), Map.of(), Tally.NONE, false, positive()));
            state.release(permit);
            clock.advance(Duration.ofSeconds(30));
        }
        AdmissionRequest next = sender("list-return-9-other=example.com@d1.test");
        assertThat(admit(next)).isInstanceOf(Admission.Known.class);
        assertThat(admin.entries(Listing.CALLOUTS, ALL, clock).entries())
                .extracting(StateEntry::kind, StateEntry::name)
                .containsExactly(tuple("pattern", "list-return-#-*=*@d1.test"));
        assertThat(admin.forget(address("list-return-9-other=example.com@d1.test")))
                .isEqualTo(1);
        granted(next);
    }

    @Test
    void probesEvictedDomainAgain() throws Exception {
        store(sender("alice@d1.test"), positive());
        store(recipient("bob@d1.test"), positive());
        store(sender("carol@sub.d1.test"), positive());
        clock.advance(Duration.ofMinutes(2));
        ProbePermit permit = granted(sender("dave@d1.test"));
        DomainEntry facts =
                new DomainEntry(null, ProbeReport.TriState.NO, clock.instant().plus(Duration.ofDays(2)));
        for (int i = 0; i < LIMITS.forgeryThreshold(); i++) {
            state.apply(new StateUpdate(permit, Map.of(), facts, Map.of(), Map.of(), Tally.BAD, false, null));
        }
        state.release(permit);
        assertThat(admin.entries(Listing.BREAKERS, ALL, clock).entries()).hasSize(1);
        List<StateEntry> limits = admin.entries(Listing.LIMITS, ALL, clock).entries();
        // Two addresses, the domain itself, and its breaker.
        assertThat(admin.forgetDomain("D1.test")).isEqualTo(4);
        assertThat(admin.forgetDomain("d1.test")).isZero();
        assertThat(admin.entries(Listing.CALLOUTS, ALL, clock).entries())
                .extracting(StateEntry::name)
                .containsExactly("carol@sub.d1.test");
        assertThat(admin.entries(Listing.BREAKERS, ALL, clock).entries()).isEmpty();
        assertThat(admin.entries(Listing.LIMITS, ALL, clock).entries()).containsExactlyInAnyOrderElementsOf(limits);
        clock.advance(Duration.ofMinutes(2));
        assertThat(admit(sender("carol@sub.d1.test"))).isInstanceOf(Admission.Known.class);
        store(sender("alice@d1.test"), positive());
        assertThat(admit(sender("alice@d1.test"))).isInstanceOf(Admission.Known.class);
        granted(recipient("bob@d1.test"));
    }

    @Test
    void spellingsOfDomainAreOne() throws IOException {
        store(sender("alice@bücher.example"), positive());
        assertThat(admit(sender("alice@xn--BCHER-kva.example"))).isInstanceOf(Admission.Known.class);
        assertThat(admin.forgetDomain("Bücher.example")).isEqualTo(1);
        assertThat(admin.forgetDomain("xn--bcher-kva.example")).isZero();
    }

    @Test
    void endsBackoffOfEvictedMailServer() throws Exception {
        MailServer server = new MailServer(host("192.0.2.7"), null);
        HostEntry busy = new HostEntry(
                CalloutReason.HOST_BUSY, clock.instant().plus(Duration.ofHours(1)), 2, Instant.EPOCH, Instant.EPOCH);
        ProbePermit permit = granted(sender("a@d1.test"));
        state.apply(new StateUpdate(
                permit, Map.of(), null, Map.of(server.address(), busy), Map.of(), Tally.NONE, false, null));
        assertThat(state.admitHost(server, permit)).isInstanceOf(HostAdmission.BackingOff.class);
        assertThat(admin.forgetHost(host("192.0.2.8"))).isZero();
        assertThat(admin.forgetHost(server.address())).isEqualTo(1);
        assertThat(state.admitHost(server, permit)).isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void evictsNothingThatIsNotCached() throws IOException {
        assertThat(admin.forget(address("alice@d1.test"))).isZero();
        assertThat(admin.forgetDomain("d1.test")).isZero();
        assertThat(admin.forgetHost(host("192.0.2.7"))).isZero();
    }

    private void store(AdmissionRequest question, AddressEntry answer) {
        ProbePermit permit = granted(question);
        String base = question.base();
        state.apply(new StateUpdate(
                permit,
                Map.of(base == null ? question.address() : base, answer),
                null,
                Map.of(),
                Map.of(),
                Tally.NONE,
                false,
                null));
        state.release(permit);
    }

    private ProbePermit granted(AdmissionRequest question) {
        Admission admission = admit(question);
        assertThat(admission).isInstanceOf(Admission.Granted.class);
        return ((Admission.Granted) admission).grant();
    }

    private Admission admit(AdmissionRequest question) {
        return state.admit(question).toCompletableFuture().join();
    }

    private AddressEntry positive() {
        Instant now = clock.instant();
        Instant stale = now.plus(Duration.ofDays(7));
        return new AddressEntry(CalloutReason.ACCEPTED, null, now, now.plus(Duration.ofDays(1)), stale, stale, 0);
    }

    private AddressEntry negative(@Nullable TargetReply reply) {
        Instant now = clock.instant();
        Instant fresh = now.plus(Duration.ofHours(3));
        return new AddressEntry(CalloutReason.NO_SUCH_MAILBOX, reply, now, fresh, now, now.plus(Duration.ofDays(7)), 0);
    }

    private static MailAddress address(String text) {
        return MailAddress.of(text);
    }

    private static AdmissionRequest sender(String address) {
        return question(AddressCacheKeys.sender(address(address)));
    }

    private static AdmissionRequest recipient(String address) {
        return question(AddressCacheKeys.recipient(address(address)));
    }

    private static AdmissionRequest question(AddressCacheKeys keys) {
        return new AdmissionRequest(
                keys.exact(), keys.base(), keys.pattern(), keys.domain(), keys.registrable(), CLIENT, false, 1, true);
    }

    private static InetAddress host(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

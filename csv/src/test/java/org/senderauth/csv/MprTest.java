package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.csv.MprOutcome.InChannel;
import org.senderauth.csv.MprOutcome.ListedClient;
import org.senderauth.csv.MprOutcome.MalformedIdentity;
import org.senderauth.csv.MprOutcome.NoIdentity;
import org.senderauth.csv.MprOutcome.NoPolicy;
import org.senderauth.csv.MprOutcome.NotDemanded;
import org.senderauth.csv.MprOutcome.SignedReturnPath;
import org.senderauth.csv.MprOutcome.Undecided;
import org.senderauth.csv.MprOutcome.WrongChannel;
import org.senderauth.csv.ReturnPathVerifier.Verdict;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.testkit.CountingDnsClient;

/** Mail policies, step by step. */
class MprTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();
    private static final String OWNER = "_mp._smtp.bank.example. 60 IN ";
    private static final String POLICY = OWNER + "A 127.1.0.3\n" + OWNER + "PTR bank.example.\n";
    private static final String FROM_BANK = "alice@bank.example";

    @ParameterizedTest
    @ValueSource(strings = {"", "A 10.1.0.3", "A 126.1.0.3", "A 127.0.0.3", "A 127.2.0.3", "TXT \"127.1.0.3\""})
    void ignoresPolicyOfUnknownVersion(String record) {
        MprResult result = mailFrom(record.isEmpty() ? "" : OWNER + record, FROM_BANK);
        assertThat(result.detail()).isEqualTo(new NoPolicy(DomainNames.of("bank.example")));
        assertThat(result.smtpReply()).isEmpty();
        assertThat(result.lookups()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "127.1.0.0, false, false",
        "127.1.0.1, true, false",
        "127.1.0.2, false, true",
        "127.1.0.3, true, true",
        "127.1.0.4, false, false",
        "127.1.0.8, false, false",
        "127.1.255.248, false, false",
        "127.1.248.255, true, true",
    })
    void readsBitOfEachIdentityAndIgnoresOthers(String address, boolean mailFrom, boolean from) {
        MprRecord policy =
                MprRecord.of(IpAddresses.parse(address).orElseThrow()).orElseThrow();
        assertThat(policy.demands(MprIdentity.MAIL_FROM)).isEqualTo(mailFrom);
        assertThat(policy.demands(MprIdentity.FROM)).isEqualTo(from);
        assertThat(policy).hasToString(address);
        String zone = OWNER + "A " + address;
        assertThat(mailFrom(zone, FROM_BANK).isFailure()).isEqualTo(mailFrom);
        assertThat(check(zone, MprQuery.from(FROM_BANK, "", session(CLIENT, "mail.other.example", true)))
                        .isFailure())
                .isEqualTo(from);
    }

    @Test
    void endsWhenPolicyRequiresNoChannel() {
        MprResult result = mailFrom(OWNER + "A 127.1.0.2", FROM_BANK);
        assertThat(result.detail()).isEqualTo(new NotDemanded(new MprRecord(0, 2)));
        assertThat(result.lookups()).hasSize(1);
    }

    @Test
    void mergesRequirementsOfSeveralRecords() {
        assertThat(new MprRecord(1, 2).and(new MprRecord(5, 3))).isEqualTo(new MprRecord(5, 3));
        assertThat(mailFrom(OWNER + "A 127.1.0.2\n" + OWNER + "A 127.1.0.1\n" + OWNER + "A 127.2.0.7", FROM_BANK)
                        .isFailure())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "bank.example, true",
        "mx01.sjc.bank.example, true",
        "MX.BANK.example, true",
        "robank.example, false",
        "bank.example.evil.example, false",
        "example, false",
        "mail.forwarder.example, false",
    })
    void passesHeloNameAtOrBelowListedName(String helo, boolean accepted) {
        MprResult result = check(POLICY, MprQuery.mailFrom(FROM_BANK, session(CLIENT, helo, true)));
        assertThat(result.detail())
                .isEqualTo(
                        accepted
                                ? new InChannel(DomainNames.of("bank.example"))
                                : new WrongChannel(MprIdentity.MAIL_FROM, false));
        assertThat(result.smtpReply().map(Object::toString).orElse(""))
                .isEqualTo(accepted ? "" : "550 5.7.1 MAIL FROM Channel Failure.");
    }

    @Test
    void anotherDomainsNamesEndTheirLabelsElsewhere() {
        String zone =
                OWNER + "A 127.1.0.1\n" + OWNER + "PTR out.bank.example.\n" + OWNER + "PTR mail.provider.example.";
        assertThat(check(zone, MprQuery.mailFrom(FROM_BANK, session(CLIENT, "x.mail.provider.example", true)))
                        .detail())
                .isEqualTo(new InChannel(DomainNames.of("mail.provider.example")));
    }

    @Test
    void requiresHeloNameThatPassedCsa() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(POLICY));
        MprResult result = verifier(dns, ReturnPathVerifier.NONE)
                .mailPolicy(MprQuery.mailFrom(FROM_BANK, session(CLIENT, "mx.bank.example", false)))
                .join();
        assertThat(result.isFailure()).isTrue();
        assertThat(dns.questions()).containsExactly("_mp._smtp.bank.example. A");
    }

    @Test
    void ignoresRootAsChannel() {
        assertThat(mailFrom(OWNER + "A 127.1.0.1\n" + OWNER + "PTR .", FROM_BANK)
                        .isFailure())
                .isTrue();
    }

    @Test
    void missingListMatchesNothing() {
        assertThat(mailFrom(OWNER + "A 127.1.0.1", FROM_BANK).isFailure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "VALID, 1, ''",
        "INVALID, 1, 550 5.7.1 MAIL FROM Channel Failure. BATV check unsuccessful.",
        "UNSIGNED, 1, 550 5.7.1 MAIL FROM Channel Failure.",
        "UNAVAILABLE, 1, undecided",
        "VALID, 5, 550 5.7.1 MAIL FROM Channel Failure.",
        "INVALID, 5, 550 5.7.1 MAIL FROM Channel Failure.",
        "UNAVAILABLE, 5, 550 5.7.1 MAIL FROM Channel Failure.",
    })
    void signedReturnPathReplacesChannelUnlessForbidden(Verdict verdict, int require, String reply) {
        String zone = OWNER + "A 127.1.1." + require + "\n" + OWNER + "PTR bank.example.";
        MprResult result = verifier(CsaZones.of(zone), path -> CompletableFuture.completedFuture(verdict))
                .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                .join();
        if (reply.equals("undecided")) {
            assertThat(result.detail()).isEqualTo(new Undecided("the signature of the return path"));
            assertThat(result.isTemporary()).isTrue();
            assertThat(result.smtpReply()).isEmpty();
        } else {
            assertThat(result.smtpReply().map(Object::toString).orElse("")).isEqualTo(reply);
            assertThat(result.detail() instanceof SignedReturnPath).isEqualTo(reply.isEmpty());
        }
    }

    @Test
    void failingVerifierIsUndecided() {
        List<ReturnPathVerifier> broken = List.of(
                path -> null,
                path -> CompletableFuture.completedFuture(null),
                path -> CompletableFuture.failedFuture(new IllegalStateException("broken")),
                path -> {
                    throw new IllegalStateException("broken");
                });
        for (ReturnPathVerifier verifier : broken) {
            assertThat(verifier(CsaZones.of(POLICY), verifier)
                            .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                            .join()
                            .isTemporary())
                    .isTrue();
        }
    }

    @Test
    void nullReturnPathHasNoSignature() {
        MprResult result = verifier(CsaZones.of(POLICY), path -> {
                    throw new AssertionError("asked about '" + path + "'");
                })
                .mailPolicy(MprQuery.from(FROM_BANK, "", elsewhere()))
                .join();
        assertThat(result.detail()).isEqualTo(new WrongChannel(MprIdentity.FROM, false));
        assertThat(result.smtpReply()).get().hasToString("550 5.7.1 From Channel Failure.");
    }

    @Test
    void acceptsClientsOfTrustedForwarder() {
        String apl = "_mp._smtp.forwarder.example. 60 IN APL 1:192.0.2.0/24 !1:192.0.2.128/25\n";
        CsvVerifier trusting = CsvVerifier.builder()
                .dns(CsaZones.of(POLICY + apl))
                .trustForwarder("forwarder.example")
                .build();
        assertThat(trusting.mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                        .join()
                        .detail())
                .isEqualTo(new ListedClient(DomainNames.of("forwarder.example")));
        InetAddress excepted = IpAddresses.parse("192.0.2.200").orElseThrow();
        assertThat(trusting.mailPolicy(MprQuery.mailFrom(FROM_BANK, session(excepted, "mail.other.example", true)))
                        .join()
                        .isFailure())
                .isTrue();
        assertThat(mailFrom(POLICY + apl, FROM_BANK).isFailure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4, true", "5, true", "3, false", "0, false"})
    void usesOwnListOfDomainIfComplete(int send, boolean accepted) {
        String zone = OWNER + "A 127.1." + send + ".1\n" + OWNER + "APL 1:192.0.2.0/24";
        assertThat(mailFrom(zone, FROM_BANK).isFailure()).isEqualTo(!accepted);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void troubleRefusesNothing(Cause cause) {
        Unavailable trouble = new Unavailable(cause, "trouble");
        DnsClient noPolicy = CsaZones.answering("_mp._smtp.bank.example", trouble, CsaZones.of(""));
        assertThat(verifier(noPolicy, ReturnPathVerifier.NONE)
                        .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                        .join()
                        .detail())
                .isEqualTo(new Undecided("_mp._smtp.bank.example"));

        DnsClient noList = CsaZones.answering("_mp._smtp.forwarder.example", trouble, CsaZones.of(POLICY));
        MprResult result = CsvVerifier.builder()
                .dns(noList)
                .trustForwarder("forwarder.example")
                .build()
                .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                .join();
        assertThat(result.detail()).isEqualTo(new Undecided("_mp._smtp.forwarder.example"));
        assertThat(result.reason()).isEqualTo("no answer about _mp._smtp.forwarder.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"alice@", "<alice@bank.example", "alice@bank.example SIZE=1", "a@bank.example X=b@c.example"})
    void reportsAMalformedReversePath(String mailFrom) {
        MprResult result = verifier(CsaZones::nobody, ReturnPathVerifier.NONE)
                .mailPolicy(MprQuery.mailFrom(mailFrom, elsewhere()))
                .join();
        assertThat(result.detail()).isEqualTo(new MalformedIdentity());
        assertThat(result.reason()).isEqualTo("malformed address");
        assertThat(result.isFailure()).isFalse();
    }

    @Test
    void readsAPathWithItsBrackets() {
        assertThat(MprQuery.mailFrom(" <alice@bank.example> ", elsewhere()))
                .isEqualTo(MprQuery.mailFrom("alice@bank.example", elsewhere()));
        assertThat(MprQuery.from("<alice@bank.example>", "<>", elsewhere()))
                .isEqualTo(MprQuery.from("alice@bank.example", "", elsewhere()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<>", "alice@a..b"})
    void queriesNothingWithoutDomain(String mailFrom) {
        MprResult result = verifier(CsaZones::nobody, ReturnPathVerifier.NONE)
                .mailPolicy(MprQuery.mailFrom(mailFrom, elsewhere()))
                .join();
        assertThat(result.detail()).isEqualTo(new NoIdentity());
        assertThat(result.smtpReply()).isEmpty();
    }

    @Test
    void overlongDomainHasNoPolicy() {
        String domain = ("a".repeat(60) + ".").repeat(4) + "example";
        MprResult result = verifier(CsaZones::nobody, ReturnPathVerifier.NONE)
                .mailPolicy(MprQuery.mailFrom("alice@" + domain, elsewhere()))
                .join();
        assertThat(result.detail()).isEqualTo(new NoPolicy(DomainNames.of(domain)));
    }

    @Test
    void overlongForwarderHasNoList() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(POLICY));
        MprResult result = CsvVerifier.builder()
                .dns(dns)
                .trustForwarder(("a".repeat(60) + ".").repeat(4) + "example")
                .build()
                .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                .join();
        assertThat(result.isFailure()).isTrue();
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void troubleWithTheChannelRefusesNothing() {
        Unavailable trouble = new Unavailable(Cause.TIMEOUT, "late");
        DnsClient zone = CsaZones.of(POLICY);
        DnsClient dns = (name, type) ->
                type == org.xbill.DNS.Type.PTR ? CompletableFuture.completedFuture(trouble) : zone.query(name, type);
        assertThat(verifier(dns, ReturnPathVerifier.NONE)
                        .mailPolicy(MprQuery.mailFrom(FROM_BANK, session(CLIENT, "mx.bank.example", true)))
                        .join()
                        .detail())
                .isEqualTo(new Undecided("_mp._smtp.bank.example"));
    }

    @Test
    void queriesInOrderOfTheDraft() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(OWNER + "A 127.1.4.1"));
        CsvVerifier.builder()
                .dns(dns)
                .trustForwarder("forwarder.example")
                .build()
                .mailPolicy(MprQuery.mailFrom(FROM_BANK, elsewhere()))
                .join();
        assertThat(dns.questions())
                .containsExactly(
                        "_mp._smtp.bank.example. A",
                        "_mp._smtp.bank.example. PTR",
                        "_mp._smtp.forwarder.example. APL",
                        "_mp._smtp.bank.example. APL");
    }

    private static MprResult mailFrom(String zone, String mailFrom) {
        return check(zone, MprQuery.mailFrom(mailFrom, elsewhere()));
    }

    private static MprResult check(String zone, MprQuery query) {
        return verifier(CsaZones.of(zone), ReturnPathVerifier.NONE)
                .mailPolicy(query)
                .join();
    }

    private static CsvVerifier verifier(DnsClient dns, ReturnPathVerifier returnPaths) {
        return CsvVerifier.builder().dns(dns).returnPaths(returnPaths).build();
    }

    private static CsaResult elsewhere() {
        return session(CLIENT, "mail.other.example", true);
    }

    private static CsaResult session(InetAddress client, String helo, boolean passed) {
        CsaOutcomeDetail finding = passed
                ? new CsaOutcomeDetail.Pass(DomainNames.of(helo))
                : new CsaOutcomeDetail.Unknown(CsaOutcomeDetail.Unknown.Cause.NO_RECORD);
        return new CsaResult(CsvQuery.of(client, helo), DomainNames.of(helo), finding, List.of());
    }
}

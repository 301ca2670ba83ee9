package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.MessageContent;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.SecretFiles;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/** Each protocol rejects an untagged bounce as it can: the milter by its content, the policy protocol without it. */
class UntaggedBounceTest {

    private static final MessageContent READ_RECEIPT = MessageContent.of("""
            Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r
            \r
            --b--\r
            """.getBytes(StandardCharsets.UTF_8));

    private static final MessageContent DSN = MessageContent.of("""
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
            \r
            --b--\r
            """.getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private interface Check {
        void with(SenderPolicy policy, SenderPolicy milter);
    }

    private void serving(String untagged, Check check) throws IOException, ConfigException {
        SecretFiles.create(folder.resolve("batv.key"), "a key of the test, 28 octets".getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(file, """
                hostname: mx.example.org
                domains: [example.org]
                listen: {policy: inet:127.0.0.1:0, milter: inet:127.0.0.1:0}
                steps: {batv: {mode: enforce}}
                batv: {key-file: batv.key%s}
                """.formatted(untagged));
        ExecutorService threads = WorkerThreads.create();
        try {
            PolicyFactory made = new PolicyFactory(
                    ConfigReader.read(file),
                    new PersistentState(InstantSource.system(), MonotonicClock.system(), CalloutLimits.DEFAULT),
                    threads,
                    Observers.NONE);
            check.with(made.policy(), made.milterPolicy());
        } finally {
            threads.shutdown();
        }
    }

    private static Transaction bounce() {
        return Transaction.of(IpAddresses.parse("198.51.100.1").orElseThrow(), "mail.example.net", "")
                .to("alice@example.org");
    }

    @Test
    void milterAwaitsContentWherePolicyRejectsAtRcpt() throws Exception {
        serving("", (policy, milter) -> {
            assertThat(policy.decide(bounce()).action()).isEqualTo(Decision.Action.REJECT);
            assertThat(milter.decide(bounce()).awaitsContent()).isTrue();
            assertThat(milter.decide(bounce(), DSN).action()).isEqualTo(Decision.Action.REJECT);
            assertThat(milter.decide(bounce(), READ_RECEIPT).action()).isEqualTo(Decision.Action.CONTINUE);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "at-rcpt, REJECT, REJECT, false",
        "by-content, CONTINUE, CONTINUE, true",
        "never, CONTINUE, CONTINUE, false"
    })
    void settingAppliesToBothProtocols(
            String setting, Decision.Action ofPolicy, Decision.Action ofMilter, boolean byContent) throws Exception {
        serving(", reject-untagged: " + setting, (policy, milter) -> {
            assertThat(policy.decide(bounce()).action()).isEqualTo(ofPolicy);
            assertThat(milter.decide(bounce()).action()).isEqualTo(ofMilter);
            assertThat(milter.decide(bounce()).awaitsContent()).isEqualTo(byContent);
        });
    }
}

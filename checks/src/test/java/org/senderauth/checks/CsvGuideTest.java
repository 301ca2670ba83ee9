package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.senderauth.csv.CsaVerdict;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvResult;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.csv.DnaService;
import org.senderauth.csv.MprQuery;
import org.senderauth.csv.MprResult;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;

/** The Java examples of docs/csv.md, as they stand there. */
class CsvGuideTest {

    @Test
    void hostIsRefusedOnceItsOutcomeIsEnforced() throws IOException {
        DnsClient dns = ZoneDnsClient.builder()
                .text("_client._smtp.mail.example.org. 60 IN SRV 1 1 0 .\n_mp._smtp.bank.example. 60 IN A 127.1.0.1")
                .build();
        InetAddress clientIp = InetAddress.getByName("192.0.2.1");
        CsvVerifier csv = CsvVerifier.builder()
                .dns(dns)
                .trust(DnaService.whenPointedTo("vouch.example", 1))
                .enforce(Set.of(CsaVerdict.FAIL_NOT_AUTHORIZED, CsaVerdict.FAIL_MISMATCH))
                .build();
        CsvResult result = csv.verify(CsvQuery.of(clientIp, "mail.example.org"));
        result.verdict(); // PASS, FAIL_MISMATCH, ...
        result.reason(); // for the log
        result.csa().lookups(); // what was asked, and the answers
        result.smtpReply(); // a reply for the client, if it failed
        result.authResult(); // x-csa=pass reason="..." smtp.helo=mail.example.org
        MprResult policy = csv.mailPolicy(MprQuery.mailFrom("alice@bank.example", result.csa()))
                .join();

        assertThat(result.verdict()).isEqualTo(CsaVerdict.FAIL_NOT_AUTHORIZED);
        assertThat(result.rejects()).isTrue();
        assertThat(CsvVerifier.builder()
                        .dns(dns)
                        .build()
                        .verify(result.csa().query())
                        .rejects())
                .isFalse();
        assertThat(policy.isFailure()).isTrue();
    }

    @Test
    void guideShowsThisExample() throws IOException {
        GuideExamples.assertShown("csv.md", CsvGuideTest.class, 2);
    }
}

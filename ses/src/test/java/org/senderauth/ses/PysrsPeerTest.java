package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PeerProcess;

/** Both ways with pysrs, the reference, from Debian's package python3-srs. */
class PysrsPeerTest {

    private static final String SCRIPT = """
            import sys, random
            import SES.ses as ses
            class At(ses.SES):
                def get_timecode(self, s=None):
                    return int(sys.argv[1])
            def peer(hashbits, fbits, days):
                return At(('shared secret', 'old'), hashbits, days, fbits)
            for line in sys.stdin:
                op, hashbits, fbits, days, msgid, address = line.split()
                p = peer(int(hashbits), int(fbits), int(days))
                if op == 'sign':
                    p.last_ts, p.last_id = int(sys.argv[1]), int(msgid) - 1
                    print(p.sign(address))
                elif op == 'fixed':
                    print(p.sign(address, int(msgid)))
                else:
                    print(*p.verify(address))
            """;

    private static final long TIMECODE = 82_900;

    @TempDir
    Path folder;

    private List<String> pysrs(List<String> lines) throws Exception {
        Path python = PeerProcess.program("/usr/bin/python3");
        Process probe = new ProcessBuilder(python.toString(), "-c", "import SES.ses").start();
        if (probe.waitFor() != 0) {
            throw PeerProcess.missing("Debian's python3-srs is not installed");
        }
        Path script = Files.writeString(folder.resolve("peer.py"), SCRIPT);
        Process process = new ProcessBuilder(python.toString(), script.toString(), Long.toString(TIMECODE))
                .redirectError(folder.resolve("errors").toFile())
                .start();
        process.getOutputStream().write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        List<String> answers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("errors")).isEmptyFile();
        return answers;
    }

    private static SesKey key(SesLayout layout) {
        byte[] secret = "shared secret".getBytes(StandardCharsets.UTF_8);
        return SesKey.of(SecretKeys.ofWeak(secret), SesAlgorithm.HMAC_SHA1, layout);
    }

    @Test
    void signaturesAreTheSameAndVerifyThereAndHere() throws Exception {
        List<SesLayout> layouts = List.of(
                SesLayout.DEFAULT, new SesLayout(40, 0, 1), new SesLayout(96, 4, 30), new SesLayout(160, 7, 31));
        List<String> addresses = List.of("alice@example.org", "Bob.Smith@Example.ORG", "x+y_z@a.example");
        List<String> ask = new java.util.ArrayList<>();
        List<String> expect = new java.util.ArrayList<>();
        for (SesLayout layout : layouts) {
            for (String address : addresses) {
                for (long id : new long[] {1, 37, 38, 1_000_003, 1L << 30}) {
                    int at = address.indexOf('@');
                    String local = address.substring(0, at);
                    String domain = address.substring(at + 1);
                    String words = " " + layout.hashBits() + " " + layout.fractionBits() + " " + layout.expirationDays()
                            + " " + id + " ";
                    String signed = SesCodec.sign(key(layout), TIMECODE, id, local, domain) + "@" + domain;
                    ask.add("sign" + words + address);
                    expect.add(signed);
                    ask.add("verify" + words + signed);
                    expect.add(address + " " + TIMECODE + " " + id);
                    ask.add("fixed" + words + address);
                    expect.add(SesCodec.signFixed(key(layout), id, local, domain) + "@" + domain);
                }
            }
        }
        assertThat(pysrs(ask)).isEqualTo(expect);
    }

    @Test
    void forgeriesThatPysrsAcceptsAreRefusedHere() throws Exception {
        String fixed = SesCodec.signFixed(key(SesLayout.DEFAULT), 7, "alice", "example.org");
        List<String> forged = List.of(
                "SES=IEYJLRPY924__ML-W=ceo@bank.example",
                fixed.replace("=alice", "=mallory") + "@example.org",
                fixed + "@bank.example");
        List<String> answers =
                pysrs(forged.stream().map(f -> "verify 80 2 10 1 " + f).toList());
        assertThat(answers)
                .hasSameSizeAs(forged)
                .allMatch(answer -> answer.endsWith(" 0 1") || answer.endsWith(" 0 7"));
        Ses ses = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(key(SesLayout.DEFAULT)))
                .fixedSignatures(true)
                .build();
        for (String address : forged) {
            assertThat(ses.verify(address, VerificationPurpose.BOUNCE).verdict())
                    .isEqualTo(SesVerdict.INVALID);
        }
    }
}

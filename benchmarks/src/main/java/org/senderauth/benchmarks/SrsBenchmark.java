package org.senderauth.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.senderauth.core.MailAddress;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsForwarding;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsResult;

/** Senders rewritten and reversed, against one bare JCA {@code Mac} over as many octets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SrsBenchmark {

    /** The provider of HMAC-SHA256: the JDK's default, or Bouncy Castle. */
    @Param({"SunJCE", "BC"})
    public String provider = "";

    private BareMac mac;
    private byte[] message;
    private Srs srs;
    private MailAddress sender;
    private MailAddress rewritten;
    private MailAddress forged;

    /** Creates a key, the same for all. */
    @Setup
    public void prepare() {
        mac = BareMac.of(provider, "HmacSHA256");
        srs = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .provider(mac.provider())
                        .sign(mac.key())
                        .build())
                .domain("srs.example.net")
                .clock(InstantSource.fixed(Instant.ofEpochSecond(1_795_420_800)))
                .build();
        sender = new MailAddress("joe.sixpack", "example.org");
        rewritten = srs.forward(sender).address();
        forged = rewritten.withLocalPart("SRS0=aaaaaaaa" + rewritten.localPart().substring(13));
        // Kind, stamp, host, user and domain, each with two octets of length.
        message = "..srs0 1..EL..example.org..joe.sixpack..srs.example.net".getBytes(StandardCharsets.UTF_8);
    }

    /** One MAC of as many octets as a hash covers, and nothing else. */
    @Benchmark
    public byte[] bareMac() {
        return mac.compute(message);
    }

    /** The same with a {@code Mac} created for this message, since one cannot serve two threads. */
    @Benchmark
    public byte[] freshMac() {
        return mac.computeFresh(message);
    }

    /** A sender rewritten. */
    @Benchmark
    public SrsForwarding forward() {
        return srs.forward(sender);
    }

    /** A valid address reversed. */
    @Benchmark
    public SrsResult reverse() {
        return srs.reverse(rewritten);
    }

    /** A forged address rejected. */
    @Benchmark
    public SrsResult reverseForged() {
        return srs.reverse(forged);
    }

    /** An ordinary address. */
    @Benchmark
    public SrsResult reverseOrdinary() {
        return srs.reverse(sender);
    }
}

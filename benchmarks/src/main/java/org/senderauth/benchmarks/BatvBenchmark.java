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
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvResult;
import org.senderauth.core.MailAddress;

/** BATV signing and verification next to one bare JCA {@code Mac} over the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class BatvBenchmark {

    /** The provider of HMAC-SHA1: the JDK's default, or Bouncy Castle's. */
    @Param({"SunJCE", "BC"})
    public String provider = "";

    private BareMac mac;
    private byte[] message;
    private Batv batv;
    private MailAddress sender;
    private MailAddress tagged;
    private MailAddress forged;
    private MailAddress ordinary;

    /** Creates a key, the same for all. */
    @Setup
    public void prepare() {
        mac = BareMac.of(provider);
        BatvKeyring keys = BatvKeyring.builder()
                .provider(mac.provider())
                .sign(0, mac.key())
                .build();
        batv = Batv.builder()
                .keyring(keys)
                .clock(InstantSource.fixed(Instant.ofEpochSecond(1_795_420_800)))
                .build();
        sender = new MailAddress("joe.sixpack", "example.org");
        tagged = batv.sign(sender);
        forged = sender.withLocalPart("prvs=0787000000=" + sender.localPart());
        ordinary = sender;
        message = ("0787" + sender).getBytes(StandardCharsets.UTF_8);
    }

    /** One MAC of the bytes that a tag covers. */
    @Benchmark
    public byte[] bareMac() {
        return mac.compute(message);
    }

    /** The same with a {@code Mac} made and given its key for this message, since one cannot serve two threads. */
    @Benchmark
    public byte[] freshMac() {
        return mac.computeFresh(message);
    }

    /** A sender tagged. */
    @Benchmark
    public MailAddress sign() {
        return batv.sign(sender);
    }

    /** A good tag checked. */
    @Benchmark
    public BatvResult verify() {
        return batv.verify(tagged);
    }

    /** A forged tag checked. */
    @Benchmark
    public BatvResult verifyForged() {
        return batv.verify(forged);
    }

    /** An address without tag looked at. */
    @Benchmark
    public BatvResult verifyUntagged() {
        return batv.verify(ordinary);
    }
}

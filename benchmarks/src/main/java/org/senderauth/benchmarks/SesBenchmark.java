package org.senderauth.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesAlgorithm;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLayout;
import org.senderauth.ses.SesLimits;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.VerificationPurpose;

/** SES signing and verification next to one bare JCA {@code Mac} over the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SesBenchmark {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_420_800);

    /** The provider of HMAC-SHA1: the JDK's default, or Bouncy Castle's. */
    @Param({"SunJCE", "BC"})
    public String provider = "";

    private BareMac mac;
    private byte[] message;
    private Ses ses;
    private Ses counting;
    private MailAddress sender;
    private String signed;
    private String forged;

    /** Creates a key, the same for all. */
    @Setup
    public void prepare() {
        mac = BareMac.of(provider);
        ses = ses(mac).limits(SesLimits.NONE).build();
        counting = ses(mac).limits(SesLimits.builder()
                        .bounces(Integer.MAX_VALUE)
                        .publicLookups(Integer.MAX_VALUE)
                        .addresses(0)
                        .build())
                .build();
        sender = new MailAddress("joe.sixpack", "example.org");
        signed = ses.sign(sender).toString();
        forged = "SES=FZL8-J65IZ_GHGTQS=" + sender;
        byte[] address = sender.toString().getBytes(StandardCharsets.UTF_8);
        message = ByteBuffer.allocate(16 + address.length)
                .putLong(SesLayout.DEFAULT.timecode(NOW))
                .putLong(1)
                .put(address)
                .array();
    }

    private static Ses.Builder ses(BareMac mac) {
        AtomicLong ids = new AtomicLong();
        return Ses.builder()
                .keyring(SesKeyring.builder()
                        .add(
                                "example.org",
                                SesKey.of(mac.key(), SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT, mac.provider()))
                        .build())
                .serialNumbers(timecode -> ids.incrementAndGet())
                .clock(InstantSource.fixed(NOW));
    }

    /** One MAC of the bytes that a signature covers. */
    @Benchmark
    public byte[] bareMac() {
        return mac.compute(message);
    }

    /** The same with a {@code Mac} made and given its key for this message, since one cannot serve two threads. */
    @Benchmark
    public byte[] freshMac() {
        return mac.computeFresh(message);
    }

    /** A sender signed. */
    @Benchmark
    public MailAddress sign() {
        return ses.sign(sender);
    }

    /** A good signature checked, its uses not counted. */
    @Benchmark
    public SesResult verify() {
        return ses.verify(signed, VerificationPurpose.PUBLIC);
    }

    /** A good signature checked, its uses counted in memory. */
    @Benchmark
    public SesResult verifyAndCount() {
        return counting.verify(signed, VerificationPurpose.PUBLIC);
    }

    /** A forged signature checked. */
    @Benchmark
    public SesResult verifyForged() {
        return ses.verify(forged, VerificationPurpose.PUBLIC);
    }

    /** An address without signature looked at. */
    @Benchmark
    public SesResult verifyUnsigned() {
        return ses.verify("joe.sixpack@example.org", VerificationPurpose.PUBLIC);
    }
}

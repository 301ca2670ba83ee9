package org.senderauth.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.SPF;
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
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/**
 * Checks per second next to jSPF, one thread, DNS in memory. Run with {@code -prof gc} for the allocation of a check.
 *
 * <p>direct: the first term matches. chain: four includes with 15 networks each, where the last matches. macro: an
 * {@code exists} whose name is made of the address and the local part.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpfBenchmark {

    /** The shape of the records. */
    @Param({"direct", "chain", "macro"})
    public String shape = "direct";

    private final SpfVerifier senderauth =
            SpfVerifier.builder().dns(SpfScenarios.zone()).build();
    private final SPF jspf = JspfPeer.over(SpfScenarios.TEXTS, SpfScenarios.EXISTS_NAME, millis -> {}, 0);
    private String sender = "";
    private SpfQuery query = SpfQuery.helo(InetAddress.getLoopbackAddress(), "");

    /** For JMH. */
    public SpfBenchmark() {}

    /**
     * Creates the query and checks that both return the right result.
     *
     * @throws UnknownHostException never
     */
    @Setup
    public void ask() throws UnknownHostException {
        sender = Objects.requireNonNull(SpfScenarios.SENDERS.get(shape));
        query = SpfQuery.mailFrom(InetAddress.getByName(SpfScenarios.CLIENT), sender, SpfScenarios.HELO);
        if (senderauth().verdict() != SpfVerdict.PASS || !jspf().getResult().equals("pass")) {
            throw new IllegalStateException(shape + ": " + senderauth().verdict() + " and " + jspf().getResult());
        }
    }

    /**
     * Ours.
     *
     * @return the result
     */
    @Benchmark
    public SpfResult senderauth() {
        return senderauth.verify(query);
    }

    /**
     * The peer.
     *
     * @return the result
     */
    @Benchmark
    public SPFResult jspf() {
        return jspf.checkSPF(SpfScenarios.CLIENT, sender, SpfScenarios.HELO);
    }
}

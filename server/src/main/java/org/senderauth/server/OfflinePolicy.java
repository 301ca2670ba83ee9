package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.MonotonicClock;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.TempfailAction;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfVerifier;

/** Decisions outside the service, for the terminal. */
public final class OfflinePolicy {

    private OfflinePolicy() {}

    /**
     * Decides as the service with this configuration would.
     *
     * @param file the configuration file
     * @param dns answers instead of the DNS that the file names; null for that one
     * @param clock tells the time
     * @param transaction the transaction
     * @return the decision
     * @throws IOException if the configuration cannot be read
     * @throws ConfigException if anything is wrong with it
     */
    public static Decision decide(Path file, @Nullable DnsClient dns, InstantSource clock, Transaction transaction)
            throws IOException, ConfigException {
        ServeConfig config = ConfigReader.read(file);
        PersistentState memory = new PersistentState(
                clock, MonotonicClock.system(), config.steps().callout().limits());
        if (dns != null) {
            memory.answerWith(dns);
        }
        ExecutorService probes = WorkerThreads.create();
        try {
            return new PolicyFactory(config, memory, probes, Observers.NONE)
                    .policy()
                    .decide(transaction);
        } finally {
            probes.shutdown();
        }
    }

    /**
     * Decides with the steps that need neither keys nor our own mail server: block lists, CSV and SPF, all enforcing,
     * and deferring on temporary failures.
     *
     * @param hostname this host's name
     * @param dns the DNS
     * @param clock tells the time
     * @param blockLists the zones of block lists; empty for none
     * @param limits the limits of an SPF check
     * @param strictness the SPF results, besides fail, that count as failures
     * @param transaction the transaction
     * @return the decision
     * @throws IllegalArgumentException if a zone is no domain name
     */
    public static Decision decide(
            String hostname,
            DnsClient dns,
            InstantSource clock,
            List<String> blockLists,
            SpfLimits limits,
            SpfStrictness strictness,
            Transaction transaction) {
        SenderPolicyBuilder builder = SenderPolicy.builder(hostname)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(dns)
                                .receiver(hostname)
                                .limits(limits)
                                .clock(clock)
                                .build(),
                        strictness);
        if (!blockLists.isEmpty()) {
            builder.blockLists(DnsBlockList.of(dns, blockLists));
        }
        for (Step step : Step.values()) {
            builder.onTempfail(step, TempfailAction.DEFER);
        }
        return builder.build().decide(transaction);
    }
}

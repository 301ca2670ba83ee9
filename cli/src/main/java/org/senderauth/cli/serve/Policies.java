package org.senderauth.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfVerifier;

/** Decisions outside the service, for the terminal. */
public final class Policies {

    private Policies() {}

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
        Memory memory = new Memory(clock);
        if (dns != null) {
            memory.answerWith(dns);
        }
        ExecutorService probes = WorkerThreads.create();
        try {
            return new Defences(config, memory, probes, Observers.NONE).policy().decide(transaction);
        } finally {
            probes.shutdown();
        }
    }

    /**
     * Decides with the steps that need neither keys nor a mail server of ours: block lists, CSV and SPF, all enforcing,
     * and deferring where they cannot tell.
     *
     * @param hostname this host's name
     * @param dns the DNS
     * @param clock tells the time
     * @param blockLists the zones of block lists; empty for none
     * @param transaction the transaction
     * @return the decision
     * @throws IllegalArgumentException if a zone is no domain name
     */
    public static Decision decide(
            String hostname, DnsClient dns, InstantSource clock, List<String> blockLists, Transaction transaction) {
        SenderPolicy.Builder builder = SenderPolicy.builder(hostname)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(dns)
                                .receiver(hostname)
                                .clock(clock)
                                .build(),
                        SpfStrictness.FAIL_ONLY);
        if (!blockLists.isEmpty()) {
            builder.blockLists(DnsBlockList.of(dns, blockLists));
        }
        for (Step step : Step.values()) {
            builder.onTrouble(step, OnTrouble.DEFER);
        }
        return builder.build().decide(transaction);
    }
}

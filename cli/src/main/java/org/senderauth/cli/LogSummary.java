package org.senderauth.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.senderauth.policy.Decision.Action;
import org.senderauth.policy.Step;

/** Sums up the decisions of a log by day (UTC) and step. Bounded in memory; not thread-safe. */
final class LogSummary {

    /** The maximum number of days; decisions of further days count as bad lines. */
    static final int MAX_DAYS = 4_000;

    private static final int IPV4_BYTES = 4;
    private static final int IPV4_NETWORK_BYTES = 3;
    private static final int IPV6_NETWORK_BYTES = 6;

    private final SortedMap<LocalDate, Day> days = new TreeMap<>();
    private final TopCounter senders = new TopCounter();
    private final TopCounter networks = new TopCounter();
    private long badLines;

    /** The counts of one step on one day. */
    static final class StepCounts {
        long wouldReject;
        long wouldDefer;
        long rejected;
        long deferred;

        private void add(Action action, boolean withheld) {
            if (action == Action.REJECT) {
                wouldReject += withheld ? 1 : 0;
                rejected += withheld ? 0 : 1;
            } else {
                wouldDefer += withheld ? 1 : 0;
                deferred += withheld ? 0 : 1;
            }
        }
    }

    /** The counts of one day. */
    static final class Day {
        long decisions;
        long exempt;
        final Map<Step, StepCounts> steps = new EnumMap<>(Step.class);
    }

    /** Adds a line of the log; lines that are not decisions are ignored. */
    void add(String line) {
        if (!LogDecision.isClaimed(line)) {
            return;
        }
        LogDecision decision = LogDecision.parse(line).orElse(null);
        if (decision == null) {
            addBadLine();
            return;
        }
        LocalDate date = LocalDate.ofInstant(decision.time(), ZoneOffset.UTC);
        if (days.size() >= MAX_DAYS && !days.containsKey(date)) {
            addBadLine();
            return;
        }
        Day day = days.computeIfAbsent(date, absent -> new Day());
        day.decisions++;
        day.exempt += decision.exempt() ? 1 : 0;
        decision.step().ifPresent(step -> {
            StepCounts counts = day.steps.computeIfAbsent(step, absent -> new StepCounts());
            Action withheld = decision.would().orElse(null);
            if (withheld != null) {
                counts.add(withheld, true);
                senders.add(decision.sender());
                networks.add(network(decision.client()));
            } else if (decision.action() != Action.CONTINUE) {
                counts.add(decision.action(), false);
            }
        });
    }

    void addBadLine() {
        badLines++;
    }

    private static String network(InetAddress client) {
        byte[] bytes = client.getAddress();
        int kept = bytes.length == IPV4_BYTES ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the length of an address is valid", e);
        }
    }

    SortedMap<LocalDate, Day> days() {
        return days;
    }

    TopCounter senders() {
        return senders;
    }

    TopCounter networks() {
        return networks;
    }

    long badLines() {
        return badLines;
    }
}

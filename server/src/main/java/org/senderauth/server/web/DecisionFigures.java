package org.senderauth.server.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;
import org.senderauth.server.history.HistoryRecord;

/**
 * Counts the decisions of the last 24 hours for the overview, in slots of a quarter of an hour. Its size is fixed. Thread-safe.
 */
public final class DecisionFigures implements PolicyObserver {

    /** The length of a slot. */
    static final Duration SLOT = Duration.ofMinutes(15);

    /** The number of slots. */
    static final int SLOTS = 96;

    /** The upper bounds of the times that are counted, in milliseconds; longer ones have a bucket of their own. */
    static final int[] BOUNDS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000};

    private static final int ACTIONS = Decision.Action.values().length;

    private final InstantSource clock;
    private final PolicyObserver next;
    private final Slot[] slots = new Slot[SLOTS];
    private boolean sinceStart = true;

    /** The counts of one slot. */
    private static final class Slot {

        private long number = -1;
        private final long[] actions = new long[ACTIONS];
        private final long[] withheld = new long[ACTIONS];
        private final long[][] steps = new long[Step.values().length][ACTIONS];
        private final long[][] withheldSteps = new long[Step.values().length][ACTIONS];
        private final long[] times = new long[BOUNDS.length + 1];
    }

    /**
     * The decisions of one slot. Immutable.
     *
     * @param start its start
     * @param actions the decisions by action
     */
    record SlotCount(Instant start, Map<Decision.Action, Long> actions) {}

    /**
     * The counts of a step. Immutable.
     *
     * @param step the step
     * @param rejected the rejections that it decided
     * @param deferred the deferrals that it decided
     * @param wouldReject the rejections that it withheld, since it only monitors
     * @param wouldDefer the deferrals that it withheld
     */
    record StepCount(Step step, long rejected, long deferred, long wouldReject, long wouldDefer) {}

    /**
     * All counts. Immutable.
     *
     * @param slots the slots from the oldest to the current one, also those without decisions
     * @param actions the decisions by action
     * @param withheld the withheld replies by action
     * @param steps the steps that decided or withheld anything
     * @param times the decisions by time: for each bound those that took at most that, and the rest
     * @param sinceStart whether the decisions of before the start are missing
     */
    record Counts(
            List<SlotCount> slots,
            Map<Decision.Action, Long> actions,
            Map<Decision.Action, Long> withheld,
            List<StepCount> steps,
            List<Long> times,
            boolean sinceStart) {

        long total() {
            return actions.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Returns the time within which a share of the decisions was made, as text. */
        String quantile(double share) {
            long total = times.stream().mapToLong(Long::longValue).sum();
            if (total == 0) {
                return "-";
            }
            long wanted = (long) Math.ceil(total * share);
            long sum = 0;
            for (int i = 0; i < BOUNDS.length; i++) {
                sum += times.get(i);
                if (sum >= wanted) {
                    return "at most " + BOUNDS[i] + " ms";
                }
            }
            return "more than " + BOUNDS[BOUNDS.length - 1] + " ms";
        }
    }

    /**
     * Creates empty counts.
     *
     * @param clock the time
     * @param next receives all events
     */
    public DecisionFigures(InstantSource clock, PolicyObserver next) {
        this.clock = clock;
        this.next = next;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    @Override
    public void stepCompleted(Step step, StepResult result, Duration time) {
        next.stepCompleted(step, result, time);
    }

    @Override
    public void failed(Step step, Throwable cause) {
        next.failed(step, cause);
    }

    @Override
    public void decided(Transaction transaction, Decision decision, Duration time) {
        count(decision, time);
        next.decided(transaction, decision, time);
    }

    private void count(Decision decision, Duration time) {
        count(
                clock.instant(),
                decision.action(),
                decision.withheld().map(Decision.Action::of).orElse(null),
                decision.step().orElse(null),
                decision.smtpReply().isPresent(),
                time.toMillis());
    }

    /**
     * Counts a decision of the history, which was made before these counts began. One that is not of the last 24 hours is
     * left out, and so is one whose action is unknown.
     *
     * @param past the decision
     */
    public void count(HistoryRecord past) {
        Decision.Action action = action(past.action());
        long number = number(past.time());
        long now = number(clock.instant());
        if (action != null && number <= now && number > now - SLOTS) {
            Step step = Stream.of(Step.values())
                    .filter(known -> known.text().equals(past.step()))
                    .findFirst()
                    .orElse(null);
            count(past.time(), action, withheld(past.withheld()), step, past.reply() != null, past.took());
        }
    }

    /** Notes that the history has had its decisions of before the start counted. */
    public synchronized void includesPast() {
        sinceStart = false;
    }

    private static Decision.@Nullable Action action(String text) {
        return Stream.of(Decision.Action.values())
                .filter(action -> action.text().equals(text))
                .findFirst()
                .orElse(null);
    }

    private static Decision.@Nullable Action withheld(@Nullable String reply) {
        if (reply == null || !reply.matches("[245].*")) {
            return null;
        }
        return switch (reply.charAt(0)) {
            case '5' -> Decision.Action.REJECT;
            case '4' -> Decision.Action.DEFER;
            default -> Decision.Action.CONTINUE;
        };
    }

    private synchronized void count(
            Instant time,
            Decision.Action action,
            Decision.@Nullable Action withheld,
            @Nullable Step step,
            boolean replied,
            long millis) {
        long number = number(time);
        int index = (int) Math.floorMod(number, (long) SLOTS);
        if (slots[index].number != number) {
            slots[index] = new Slot();
            slots[index].number = number;
        }
        Slot slot = slots[index];
        slot.actions[action.ordinal()]++;
        slot.times[bucket(millis)]++;
        if (withheld != null) {
            slot.withheld[withheld.ordinal()]++;
        }
        if (step != null) {
            // The step is that of the reply, or else of the withheld one.
            if (replied) {
                slot.steps[step.ordinal()][action.ordinal()]++;
            } else if (withheld != null) {
                slot.withheldSteps[step.ordinal()][withheld.ordinal()]++;
            }
        }
    }

    private static long number(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), SLOT.toSeconds());
    }

    private static int bucket(long millis) {
        int bucket = 0;
        while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** {@return the counts of the last 24 hours} */
    synchronized Counts counts() {
        long now = number(clock.instant());
        List<SlotCount> listed = new ArrayList<>();
        Slot sum = new Slot();
        for (long number = now - SLOTS + 1; number <= now; number++) {
            Slot slot = slots[(int) Math.floorMod(number, (long) SLOTS)];
            long[] actions = slot.number == number ? slot.actions : new long[ACTIONS];
            listed.add(new SlotCount(Instant.ofEpochSecond(number * SLOT.toSeconds()), byAction(actions)));
            if (slot.number == number) {
                add(sum.actions, slot.actions);
                add(sum.withheld, slot.withheld);
                add(sum.times, slot.times);
                for (Step step : Step.values()) {
                    add(sum.steps[step.ordinal()], slot.steps[step.ordinal()]);
                    add(sum.withheldSteps[step.ordinal()], slot.withheldSteps[step.ordinal()]);
                }
            }
        }
        List<Long> times = new ArrayList<>();
        for (long count : sum.times) {
            times.add(count);
        }
        return new Counts(
                List.copyOf(listed), byAction(sum.actions), byAction(sum.withheld), steps(sum), times, sinceStart);
    }

    private static List<StepCount> steps(Slot sum) {
        List<StepCount> steps = new ArrayList<>();
        for (Step step : Step.values()) {
            long[] decided = sum.steps[step.ordinal()];
            long[] withheld = sum.withheldSteps[step.ordinal()];
            int reject = Decision.Action.REJECT.ordinal();
            int defer = Decision.Action.DEFER.ordinal();
            if (decided[reject] + decided[defer] + withheld[reject] + withheld[defer] > 0) {
                steps.add(new StepCount(step, decided[reject], decided[defer], withheld[reject], withheld[defer]));
            }
        }
        return steps;
    }

    private static void add(long[] sum, long[] counts) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += counts[i];
        }
    }

    private static Map<Decision.Action, Long> byAction(long[] counts) {
        Map<Decision.Action, Long> map = new EnumMap<>(Decision.Action.class);
        for (Decision.Action action : Decision.Action.values()) {
            map.put(action, counts[action.ordinal()]);
        }
        return map;
    }
}

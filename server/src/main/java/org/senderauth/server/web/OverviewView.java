package org.senderauth.server.web;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.senderauth.policy.Decision;

/**
 * The page "Overview". Immutable.
 *
 * @param health the parts of the service, and how they are
 * @param total the number of decisions
 * @param actions the decisions by action
 * @param withheld the number of replies that monitoring steps withheld, by action
 * @param steps the counts of the steps
 * @param median the time within which half of the decisions were made
 * @param slow the time within which 99 of 100 were made
 * @param bars the bars of the chart
 * @param hours the decisions of each hour that had any
 * @param sinceStart whether decisions of before the start are missing
 */
record OverviewView(
        List<WebSource.Health> health,
        long total,
        List<Count> actions,
        List<Count> withheld,
        List<DecisionFigures.StepCount> steps,
        String median,
        String slow,
        List<Bar> bars,
        List<Hour> hours,
        boolean sinceStart) {

    /** The size of the chart, in its own units. */
    static final int WIDTH = 960;

    /** The height of the chart. */
    static final int HEIGHT = 160;

    private static final int BAR = WIDTH / DecisionFigures.SLOTS;
    private static final int SLOTS_PER_HOUR = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<Decision.Action> ORDER =
            List.of(Decision.Action.REJECT, Decision.Action.DEFER, Decision.Action.CONTINUE);

    /**
     * A number of decisions. Immutable.
     *
     * @param action the action
     * @param tone how that looks
     * @param number the number
     */
    record Count(String action, String tone, long number) {}

    /**
     * A part of a bar of the chart. Immutable.
     *
     * @param action the action
     * @param x its left edge
     * @param y its upper edge
     * @param width its width
     * @param height its height
     */
    record Bar(String action, int x, int y, int width, int height) {}

    /**
     * The decisions of an hour. Immutable.
     *
     * @param start the start of the hour, in UTC
     * @param continued the number that continued
     * @param deferred the number of deferrals
     * @param rejected the number of rejections
     */
    record Hour(String start, long continued, long deferred, long rejected) {}

    static OverviewView of(List<WebSource.Health> health, DecisionFigures.Counts counts) {
        return new OverviewView(
                List.copyOf(health),
                counts.total(),
                counts(
                        counts.actions(),
                        List.of(Decision.Action.CONTINUE, Decision.Action.DEFER, Decision.Action.REJECT)),
                counts(counts.withheld(), List.of(Decision.Action.DEFER, Decision.Action.REJECT)),
                counts.steps(),
                counts.quantile(0.5),
                counts.quantile(0.99),
                bars(counts.slots()),
                hours(counts.slots()),
                counts.sinceStart());
    }

    private static List<Count> counts(Map<Decision.Action, Long> numbers, List<Decision.Action> order) {
        return order.stream()
                .map(action ->
                        new Count(action.text(), DecisionView.tone(action.text()), numbers.getOrDefault(action, 0L)))
                .toList();
    }

    private static List<Bar> bars(List<DecisionFigures.SlotCount> slots) {
        long max = Math.max(1, slots.stream().mapToLong(OverviewView::sum).max().orElse(1));
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            int bottom = HEIGHT;
            for (Decision.Action action : ORDER) {
                long number = slots.get(i).actions().getOrDefault(action, 0L);
                // A few rejections among many decisions must still be seen.
                int height = number == 0 ? 0 : (int) Math.max(2, number * (HEIGHT - 8) / max);
                if (height > 0) {
                    bars.add(new Bar(action.text(), i * BAR + 1, bottom - height, BAR - 2, height));
                    bottom -= height;
                }
            }
        }
        return bars;
    }

    private static long sum(DecisionFigures.SlotCount slot) {
        return slot.actions().values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Hour> hours(List<DecisionFigures.SlotCount> slots) {
        List<Hour> hours = new ArrayList<>();
        int i = 0;
        while (i < slots.size()) {
            DecisionFigures.SlotCount first = slots.get(i);
            long[] sums = new long[Decision.Action.values().length];
            long hour = first.start().getEpochSecond() / SLOTS_PER_HOUR / DecisionFigures.SLOT.toSeconds();
            while (i < slots.size()
                    && slots.get(i).start().getEpochSecond() / SLOTS_PER_HOUR / DecisionFigures.SLOT.toSeconds()
                            == hour) {
                slots.get(i).actions().forEach((action, number) -> sums[action.ordinal()] += number);
                i++;
            }
            Hour found = new Hour(
                    TIME.format(first.start()),
                    sums[Decision.Action.CONTINUE.ordinal()],
                    sums[Decision.Action.DEFER.ordinal()],
                    sums[Decision.Action.REJECT.ordinal()]);
            if (found.continued() + found.deferred() + found.rejected() > 0) {
                hours.add(found);
            }
        }
        return hours;
    }
}

package org.senderauth.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts texts in bounded memory. When there are too many different ones, the rarer half is dropped, so that the count of a
 * text that comes back is too small; a frequent one keeps its own. Not thread-safe.
 */
final class TopCounter {

    /** The maximum number of texts. */
    static final int MAX_TEXTS = 20_000;

    private final Map<String, Long> counts = new HashMap<>();
    private boolean exact = true;

    /** A text and how often it came. */
    record Count(String text, long count) {}

    void add(String text) {
        counts.merge(text, 1L, Long::sum);
        if (counts.size() > MAX_TEXTS) {
            List<Count> kept = top(MAX_TEXTS / 2);
            counts.clear();
            kept.forEach(count -> counts.put(count.text(), count.count()));
            exact = false;
        }
    }

    /** {@return the most frequent texts, the first of them first} */
    List<Count> top(int number) {
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Count::count).reversed().thenComparing(Count::text))
                .limit(number)
                .toList();
    }

    /** {@return whether all counts are exact} */
    boolean isExact() {
        return exact;
    }
}

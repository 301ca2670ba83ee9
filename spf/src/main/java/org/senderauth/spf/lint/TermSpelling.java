package org.senderauth.spf.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the term name that a misspelled one resembles. */
final class TermSpelling {

    private static final int LONGEST_WORD = 20;

    private TermSpelling() {}

    /** Returns the nearest of some words within one typo for short words, two for longer ones; null if none is. */
    static @Nullable String nearest(String word, List<String> words) {
        if (word.length() > LONGEST_WORD) {
            return null;
        }
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : words) {
            int distance = distance(word, candidate);
            int slips = candidate.length() < 4 ? 1 : 2;
            if (distance <= slips && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    // Letters dropped, added, changed, or swapped with the next (optimal string alignment).
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

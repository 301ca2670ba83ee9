package org.senderauth.server.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.page.Tone;
import org.senderauth.server.page.TreeNode;

/**
 * Makes a tree of the lines that an SPF check left in the history: {@code |-} and {@code `-} mark a term, {@code ?} a query,
 * and each three characters before them are one level.
 */
final class EvidenceTree {

    private static final int LEVEL = 3;
    private static final int MAX_DEPTH = 64;
    private static final Pattern OUTCOME = Pattern.compile(
            "(.*?)(?<!\\s)\\s*(?<=\\s|^)(MATCH|no match|redirected|explanation unusable|explanation|error)(?: \\(([^()]*)\\))?");
    private static final Pattern ERROR = Pattern.compile("(temperror|permerror): (.*)");

    private EvidenceTree() {}

    private static final class Builder {

        private final StringBuilder text;
        private final boolean isTerm;
        private final List<Builder> children = new ArrayList<>();
        private String mark = "";
        private String note = "";

        Builder(String text, boolean isTerm) {
            this.text = new StringBuilder(text);
            this.isTerm = isTerm;
        }

        void outcome(String found, @Nullable String used) {
            mark = found.equals("MATCH") ? "match" : found;
            note = used == null ? "" : used;
        }

        TreeNode build() {
            Tone tone = switch (mark) {
                case "match" -> Tone.GOOD;
                case "error", "permerror" -> Tone.BAD;
                case "temperror", "explanation unusable" -> Tone.WARNING;
                default -> Tone.PLAIN;
            };
            return new TreeNode(
                    text.toString(),
                    note.isEmpty() ? mark : mark + " (" + note + ")",
                    tone,
                    children.stream().map(Builder::build).toList());
        }
    }

    /** Returns the trees at the top of some lines, up to the first empty line; none if the lines are not a tree. */
    static List<TreeNode> of(List<String> lines) {
        Builder root = new Builder("", false);
        // The last node of each level.
        Deque<Builder> path = new ArrayDeque<>(List.of(root));
        boolean hasTerms = false;
        for (String line : lines) {
            if (line.isEmpty()) {
                break;
            }
            // At most one level below the last node: further spaces are before the rest of a long text.
            int maxDepth = Math.min(MAX_DEPTH, path.size() - 1);
            int depth = 0;
            while (depth < maxDepth
                    && (line.startsWith("|  ", depth * LEVEL) || line.startsWith("   ", depth * LEVEL))) {
                depth++;
            }
            String rest = line.substring(depth * LEVEL);
            Builder last = path.getFirst();
            if (rest.startsWith(" ")) {
                continued(last, rest.strip());
                continue;
            }
            boolean isTerm = rest.startsWith("|- ") || rest.startsWith("`- ");
            hasTerms |= isTerm;
            Builder node = isTerm ? term(rest.substring(LEVEL)) : new Builder(query(rest), false);
            while (path.size() > depth + 1 || !path.getFirst().isTerm && path.size() > 1) {
                path.removeFirst();
            }
            path.getFirst().children.add(node);
            path.addFirst(node);
        }
        return hasTerms ? root.children.stream().map(Builder::build).toList() : List.of();
    }

    private static String query(String text) {
        return text.startsWith("? ") ? text.substring(2) : text;
    }

    private static Builder term(String text) {
        Matcher error = ERROR.matcher(text);
        if (error.matches()) {
            Builder node = new Builder(error.group(2), true);
            node.outcome(error.group(1), null);
            return node;
        }
        Matcher outcome = OUTCOME.matcher(text);
        if (outcome.matches() && !outcome.group(1).isEmpty()) {
            Builder node = new Builder(outcome.group(1), true);
            node.outcome(outcome.group(2), outcome.group(3));
            return node;
        }
        return new Builder(text, true);
    }

    // The rest of a long text, or the outcome of a term that left no room for it.
    private static void continued(Builder last, String rest) {
        Matcher outcome = OUTCOME.matcher(rest);
        if (last.isTerm
                && last.mark.isEmpty()
                && outcome.matches()
                && outcome.group(1).isEmpty()) {
            last.outcome(outcome.group(2), outcome.group(3));
        } else {
            last.text.append(last.text.length() == 0 ? "" : " ").append(rest);
        }
    }
}

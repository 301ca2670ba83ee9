package org.senderauth.cli;

import java.util.ArrayList;
import java.util.List;

/** Plain text for terminals of 80 columns. */
final class Text {

    /** The columns that are used. */
    static final int WIDTH = 79;

    private Text() {}

    /** Breaks a text at blanks; a word that is too long for a line is broken within. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            String rest = word;
            while (rest.length() > width) {
                lines.add(rest.substring(0, width));
                rest = rest.substring(width);
            }
            line.append(line.length() == 0 ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Prints a text behind a head; further lines are indented as far. */
    static void print(java.io.PrintWriter out, String head, String text) {
        String start = head;
        for (String line : wrap(Excerpt.visible(text), Math.max(20, WIDTH - head.length()))) {
            out.println((start + line).stripTrailing());
            start = " ".repeat(head.length());
        }
    }
}

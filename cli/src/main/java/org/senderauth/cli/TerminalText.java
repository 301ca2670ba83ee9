package org.senderauth.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Plain text for terminals of 80 columns. */
final class TerminalText {

    /** The columns in use. */
    static final int WIDTH = 79;

    private static final int MIN_WIDTH = 20;

    private TerminalText() {}

    /** Breaks a text at spaces, and a word that is too long for a line within the word. */
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

    /** Prints a heading and a text after it; further lines are indented to the start of the text. */
    static void print(PrintWriter out, String heading, String text) {
        String start = heading;
        for (String line : wrap(visible(text), Math.max(MIN_WIDTH, WIDTH - heading.length()))) {
            out.println((start + line).stripTrailing());
            start = " ".repeat(heading.length());
        }
    }

    /** Replaces control characters, so that a text from the network cannot send commands to the terminal. */
    static String visible(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            clean.appendCodePoint(hidden ? '?' : c);
        });
        return clean.toString();
    }
}

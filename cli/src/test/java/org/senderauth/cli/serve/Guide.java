package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration that a guide shows, taken from the guide itself: what a user pastes is what the test runs. */
final class Guide {

    private final String text;

    private Guide(String text) {
        this.text = text;
    }

    static Guide of(String name) {
        try {
            return new Guide(Files.readString(Path.of("..", "docs", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first fenced block whose first line starts with these words. */
    String block(String start) {
        Matcher block = Pattern.compile(
                        "^```[a-z]*\n(" + Pattern.quote(start) + ".*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text);
        if (!block.find()) {
            throw new AssertionError("the guide has no block that starts with " + start);
        }
        return block.group(1);
    }
}

package org.senderauth.callout.reply;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.senderauth.callout.outcome.CalloutVerdict;

/**
 * One reply of {@code replies.txt} or {@code further-replies.txt} and its meaning.
 *
 * @param meaning the first column
 * @param stage the stage of the session
 * @param lines its lines
 */
record KnownReply(String meaning, ReplyStage stage, List<String> lines) {

    static List<KnownReply> all() {
        return Stream.of("replies.txt", "further-replies.txt")
                .flatMap(KnownReply::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(KnownReply::parse)
                .toList();
    }

    static Stream<String> lines(String resource) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(KnownReply.class.getResourceAsStream(resource)), StandardCharsets.UTF_8))) {
            return in.lines().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownReply parse(String line) {
        String[] columns = line.split(" \\| ", 3);
        return new KnownReply(
                columns[0],
                ReplyStage.valueOf(columns[1].toUpperCase(Locale.ROOT)),
                List.of(columns[2].split(" / (?=\\d{3}[ -])")));
    }

    /** The same reply with other lines. */
    KnownReply with(List<String> changed) {
        return new KnownReply(meaning, stage, changed);
    }

    ReplyClassification classified(PostmasterCheck postmaster) {
        return ReplyClassifier.classify(ServerReply.of(lines), stage, postmaster);
    }

    /** The verdicts that are right, whatever the postmaster check said. */
    Set<CalloutVerdict> verdicts(PostmasterCheck postmaster) {
        return switch (meaning) {
            case "unknown", "disabled", "moved" ->
                isDirectory() ? weak(postmaster) : Set.of(CalloutVerdict.UNDELIVERABLE);
            case "weak" -> weak(postmaster);
            case "full" -> Set.of(CalloutVerdict.DELIVERABLE);
            case "busy", "us", "later", "domain", "unclear" -> Set.of(CalloutVerdict.UNDECIDED);
            default -> throw new IllegalArgumentException("no such meaning: " + meaning);
        };
    }

    private boolean isDirectory() {
        return lines.get(0).contains("#5.1.0 Address rejected");
    }

    private static Set<CalloutVerdict> weak(PostmasterCheck postmaster) {
        boolean against = postmaster == PostmasterCheck.REJECTED || postmaster == PostmasterCheck.UNDECIDED;
        return Set.of(against ? CalloutVerdict.UNDECIDED : CalloutVerdict.UNDELIVERABLE);
    }

    @Override
    public String toString() {
        return meaning + " " + stage + " " + lines;
    }
}

package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Header;

/**
 * One message of a session: what its handler needs of it, and the verdict once it is settled. It knows nothing of the
 * protocol's states and options. Not thread-safe.
 */
final class OpenMessage {

    private final MilterMessage message;
    private final MilterNeeds needs;
    private final GuardedMilterObserver observer;
    // Header values keep the space after the colon.
    private final boolean spaced;
    private final Map<String, Integer> counts = new HashMap<>();
    private MilterHandler.ForMessage decides = new MilterHandler.ForMessage() {};
    // The verdict on the whole message, if it was given before its end.
    private @Nullable MilterVerdict settled;
    private @Nullable Boolean needsContent;
    private @Nullable Boolean needsBody;

    OpenMessage(MilterMessage message, MilterNeeds needs, GuardedMilterObserver observer, boolean spaced) {
        this.message = message;
        this.needs = needs;
        this.observer = observer;
        this.spaced = spaced;
    }

    /** Starts the message with its sender. */
    MilterVerdict sender(MilterHandler handler) {
        MilterVerdict verdict = observer.verdict(() -> {
            decides = handler.message(message);
            return decides.sender();
        });
        settle(verdict);
        return verdict;
    }

    /** Adds a recipient, unless the verdict or the MTA rejects it. */
    MilterVerdict recipient(MilterPath recipient, boolean rejected) {
        MilterVerdict verdict = settled != null
                ? settled
                : observer.verdict(() -> {
                    if (rejected) {
                        decides.rejected(recipient);
                        return MilterVerdict.CONTINUE;
                    }
                    return decides.recipient(recipient);
                });
        if (verdict.delivers() && !rejected) {
            message.addRecipient(recipient);
        }
        settle(verdict);
        return verdict;
    }

    void header(Header header) {
        content(header.name() + (spaced ? ":" : ": ") + folded(header.value()) + "\r\n");
        String name = header.name().toLowerCase(Locale.ROOT);
        if (!needs.headers().contains(name) || settled != null) {
            return;
        }
        String value = spaced && header.value().startsWith(" ") ? header.value().substring(1) : header.value();
        int index = counts.merge(name, 1, Integer::sum);
        run(() -> decides.header(new MilterHeader(header.name(), WireText.decode(value), index)));
    }

    void endOfHeaders() {
        content("\r\n");
    }

    // Before it is kept: at the first piece the content is the header.
    void body(String octets) {
        if (!octets.isEmpty() && settled == null && needsBody()) {
            run(() -> decides.body(octets.getBytes(StandardCharsets.ISO_8859_1)));
        }
        content(octets);
    }

    /** {@return true if more of the body is needed} */
    boolean needsMore() {
        return needsBody() || needsContent() && !message.isContentComplete();
    }

    /**
     * Ends the message.
     *
     * @param allowed the changes that the MTA allows
     * @param leftOut receives each change that it does not allow
     * @return the changes and the verdict, in order
     */
    List<MilterAnswer> end(Set<MilterAction> allowed, Consumer<MilterAction> leftOut) {
        MilterChanges changes = new MilterChanges();
        MilterVerdict verdict = settled != null ? settled : observer.verdict(() -> decides.end(changes));
        List<MilterAnswer> answers = new ArrayList<>();
        if (verdict.delivers()) {
            answers.addAll(changes.inOrder(allowed, spaced, leftOut));
        }
        answers.add(verdict.answer());
        return answers;
    }

    /** The message is over. */
    void ended() {
        run(decides::ended);
    }

    // MTAs send the folds of a field with LF alone.
    private static String folded(String value) {
        return value.indexOf('\n') < 0 ? value : value.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    private void content(String octets) {
        if (needs.contentBytes() > 0 && settled == null && needsContent()) {
            message.addContent(octets);
        }
    }

    private boolean needsBody() {
        Boolean needed = needsBody;
        if (needed == null) {
            boolean[] answer = {false};
            run(() -> answer[0] = decides.needsBody());
            needed = answer[0] && needs.contentBytes() > 0;
            needsBody = needed;
        }
        return needed;
    }

    private boolean needsContent() {
        Boolean needed = needsContent;
        if (needed == null) {
            boolean[] answer = {true};
            run(() -> answer[0] = decides.needsContent());
            needed = answer[0];
            needsContent = needed;
        }
        return needed;
    }

    private void settle(MilterVerdict verdict) {
        if (verdict.answer() == Simple.ACCEPT || verdict.answer() == Simple.DISCARD) {
            settled = verdict;
        }
    }

    // Where there may be no answer, a failure becomes the answer at the end of the message.
    private void run(Runnable work) {
        MilterVerdict verdict = observer.verdict(() -> {
            work.run();
            return MilterVerdict.CONTINUE;
        });
        if (!verdict.delivers()) {
            settled = verdict;
        }
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.senderauth.policy.StepExecutor.MessageResults;

/**
 * The progress of one message at a mail server that asks several times about it and adds one header field per reply, as
 * Postfix does. It is part of what the policy caches of the message. Without a {@link Transaction#message} each call of
 * {@link SenderPolicy#progress} returns a new one. Thread-safe.
 */
public final class MessageProgress {

    private final MessageResults message;
    private final Runnable grown;

    MessageProgress(MessageResults message, Runnable grown) {
        this.message = message;
        this.grown = grown;
    }

    /** {@return whether a decision that does not reject the message was {@linkplain #passed recorded}} */
    public boolean hasPassed() {
        synchronized (message) {
            return message.headers != null;
        }
    }

    /**
     * Records a decision that does not reject the message. An exempt recipient has no header fields, another one may have
     * some: the first fields are kept.
     *
     * @param headers the header fields of the decision, in the order in which {@link #nextHeader} returns them
     */
    public void passed(List<String> headers) {
        List<String> copy = List.copyOf(Objects.requireNonNull(headers, "headers"));
        synchronized (message) {
            if (message.headers == null || message.headers.isEmpty()) {
                message.headers = copy;
            }
        }
        grown.run();
    }

    /**
     * Returns the reply with the next header field that was in no reply before.
     *
     * @param writer makes a reply of a header field; if it throws, the field stays the next one
     * @param <T> the type of a reply
     * @return the reply; empty once all fields were in one
     */
    public <T> Optional<T> nextHeader(Function<? super String, ? extends T> writer) {
        Objects.requireNonNull(writer, "writer");
        synchronized (message) {
            if (message.headers == null || message.headersTaken >= message.headers.size()) {
                return Optional.empty();
            }
            T reply = Objects.requireNonNull(writer.apply(message.headers.get(message.headersTaken)), "reply");
            message.headersTaken++;
            return Optional.of(reply);
        }
    }

    /** {@return true once, for the caller of {@link SenderPolicy#accepted}: a message may be reported accepted only once} */
    public boolean accept() {
        synchronized (message) {
            boolean first = !message.accepted;
            message.accepted = true;
            return first;
        }
    }
}

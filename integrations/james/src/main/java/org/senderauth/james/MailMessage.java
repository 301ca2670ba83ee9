package org.senderauth.james;

import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;

/**
 * The message of a mail. The mail API has another package in James 3.8 than in 3.9, so its methods are called by their names.
 * Not thread-safe.
 */
final class MailMessage {

    // The mail API looks at all fields to remove one, so more are never moved.
    private static final int MAX_MOVED_FIELDS = 1000;

    // Those that James's client leaves out.
    private static final String[] NOT_SENT = {"Bcc", "Content-Length"};

    private final Class<?> type;
    private final Object message;

    private MailMessage(Class<?> type, Object message) {
        this.type = type;
        this.message = message;
    }

    static MailMessage of(Mail mail) {
        try {
            Method getter = Mail.class.getMethod("getMessage");
            Object message = getter.invoke(mail);
            if (message == null) {
                throw new IllegalStateException("the mail has no message");
            }
            return new MailMessage(getter.getReturnType(), message);
        } catch (ReflectiveOperationException e) {
            throw unreadable(e);
        }
    }

    /** Completes the fields of the message, as happens whenever it was changed. */
    void save() {
        call("saveChanges");
    }

    /** Writes the message without the fields that are not sent. */
    void writeTo(OutputStream out) {
        try {
            type.getMethod("writeTo", OutputStream.class, String[].class).invoke(message, out, NOT_SENT);
        } catch (ReflectiveOperationException e) {
            throw unreadable(e);
        }
    }

    /**
     * Prepends header fields; to a message with very many fields they are appended, where they mean the same.
     *
     * @param fields the fields, each with a CRLF at its end
     */
    void prepend(String fields) {
        List<String> lines = lines();
        if (lines.size() > MAX_MOVED_FIELDS) {
            lines.clear();
        }
        for (String line : lines) {
            call("removeHeader", name(line));
        }
        for (String field : fields.split("\r\n(?![ \t])")) {
            call("addHeaderLine", field);
        }
        lines.forEach(line -> call("addHeaderLine", line));
        save();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Object line : Collections.list((Enumeration<?>) call("getAllHeaderLines"))) {
            lines.add((String) line);
        }
        return lines;
    }

    // As the mail API reads the name of a field.
    private static String name(String line) {
        int colon = line.indexOf(':');
        return (colon < 0 ? line : line.substring(0, colon)).trim();
    }

    private @Nullable Object call(String method, String... arguments) {
        try {
            Class<?>[] types = new Class<?>[arguments.length];
            Arrays.fill(types, String.class);
            return type.getMethod(method, types).invoke(message, (Object[]) arguments);
        } catch (ReflectiveOperationException e) {
            throw unreadable(e);
        }
    }

    private static IllegalStateException unreadable(ReflectiveOperationException e) {
        Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
        return new IllegalStateException("the message cannot be read or changed", cause);
    }
}

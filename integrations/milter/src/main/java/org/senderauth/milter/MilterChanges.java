package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.senderauth.milter.MilterAnswer.AddHeader;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.AddRecipientWithArguments;
import org.senderauth.milter.MilterAnswer.Change;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.Quarantine;
import org.senderauth.milter.MilterAnswer.ReplaceBody;

/**
 * The changes that a handler requests for one message. They are sent in an order that means the same to Postfix and to
 * Sendmail, whatever the order of the calls. Not thread-safe.
 */
public final class MilterChanges {

    private final List<InsertHeader> onTop = new ArrayList<>();
    private final List<AddHeader> atTheEnd = new ArrayList<>();
    private final List<ChangeHeader> deletedHeaders = new ArrayList<>();
    private final List<DeleteRecipient> deletedRecipients = new ArrayList<>();
    private final List<Change> addedRecipients = new ArrayList<>();
    private @Nullable ChangeSender sender;
    private @Nullable String body;
    private @Nullable Quarantine quarantine;

    MilterChanges() {}

    /**
     * Prepends a header field to the message, above the MTA's own {@code Received}; of several, the first stays first.
     *
     * @param name its name
     * @param value its value, without a space after the colon
     * @throws IllegalArgumentException if it would break the header
     */
    public void prependHeader(String name, String value) {
        onTop.add(new InsertHeader(0, name, WireText.encode(value)));
    }

    /**
     * Appends a header field.
     *
     * @param name its name
     * @param value its value, without a space after the colon
     * @throws IllegalArgumentException if it would break the header
     */
    public void addHeader(String name, String value) {
        atTheEnd.add(new AddHeader(name, WireText.encode(value)));
    }

    /**
     * Deletes a header field.
     *
     * @param name its name
     * @param index {@link MilterHeader#index its place} among those of this name
     */
    public void deleteHeader(String name, int index) {
        deletedHeaders.add(new ChangeHeader(index, name, ""));
    }

    /**
     * Changes the envelope sender and keeps the arguments that the client sent.
     *
     * @param address the address without angle brackets; empty for the null reverse-path
     */
    public void changeSender(String address) {
        sender = new ChangeSender(MilterPath.bracketed(address), "");
    }

    /**
     * Delivers to another address instead of a recipient. Its NOTIFY and ORCPT are kept where the MTA can take them.
     *
     * @param recipient the recipient
     * @param address the other address, without angle brackets
     */
    public void replaceRecipient(MilterPath recipient, String address) {
        deleteRecipient(recipient);
        addedRecipients.add(
                new AddRecipientWithArguments(MilterPath.bracketed(address), recipient.argumentsOf("NOTIFY", "ORCPT")));
    }

    /**
     * Adds a recipient.
     *
     * @param address the address without angle brackets
     */
    public void addRecipient(String address) {
        addedRecipients.add(new AddRecipient(MilterPath.bracketed(address)));
    }

    /**
     * Deletes a recipient. An MTA drops a message without recipients and says nothing of it: reject it instead.
     *
     * @param recipient the recipient
     */
    public void deleteRecipient(MilterPath recipient) {
        deletedRecipients.add(new DeleteRecipient(recipient.octets()));
    }

    /**
     * Replaces the body.
     *
     * @param octets the new body, with CRLF at the ends of lines
     */
    public void replaceBody(byte[] octets) {
        body = new String(octets, StandardCharsets.ISO_8859_1);
    }

    /**
     * Quarantines the message.
     *
     * @param reason why, for the postmaster
     */
    public void quarantine(String reason) {
        quarantine = new Quarantine(WireText.encode(reason));
    }

    /** The changes in the order in which they are sent; what is not allowed is reported and left out. */
    List<Change> inOrder(Set<MilterAction> allowed, boolean leadingSpace, Consumer<MilterAction> leftOut) {
        Collector all = new Collector(allowed, leftOut);
        // From the highest index down: Postfix counts again after each deletion, and Sendmail does not.
        deletedHeaders.stream()
                .sorted(Comparator.comparingInt(ChangeHeader::index).reversed())
                .forEach(change -> all.take(MilterAction.CHANGE_HEADERS, change));
        String space = leadingSpace ? " " : "";
        atTheEnd.forEach(
                field -> all.take(MilterAction.ADD_HEADERS, new AddHeader(field.name(), space + field.value())));
        // Each goes above those before it.
        for (int i = onTop.size() - 1; i >= 0; i--) {
            InsertHeader field = onTop.get(i);
            all.take(MilterAction.ADD_HEADERS, new InsertHeader(0, field.name(), space + field.value()));
        }
        if (sender != null) {
            all.take(MilterAction.CHANGE_SENDER, sender);
        }
        recipients(all, allowed);
        if (quarantine != null) {
            all.take(MilterAction.QUARANTINE, quarantine);
        }
        // Last, and in one run: Postfix fails on a second one.
        if (body != null) {
            for (int at = 0; at == 0 || at < body.length(); at += ReplaceBody.MAX_OCTETS) {
                int end = Math.min(body.length(), at + ReplaceBody.MAX_OCTETS);
                all.take(MilterAction.CHANGE_BODY, new ReplaceBody(body.substring(at, end)));
            }
        }
        return all.changes;
    }

    private void recipients(Collector all, Set<MilterAction> allowed) {
        boolean mayDelete = allowed.contains(MilterAction.DELETE_RECIPIENTS);
        boolean mayAdd = allowed.contains(MilterAction.ADD_RECIPIENTS);
        boolean mayAddArguments = allowed.contains(MilterAction.ADD_RECIPIENT_ARGUMENTS);
        if (!addedRecipients.isEmpty() && !mayAdd) {
            // A replaced recipient would be lost if it were only deleted.
            all.leftOut.accept(MilterAction.ADD_RECIPIENTS);
            return;
        }
        if (!deletedRecipients.isEmpty() && !mayDelete) {
            all.leftOut.accept(MilterAction.DELETE_RECIPIENTS);
            return;
        }
        all.changes.addAll(deletedRecipients);
        for (Change added : addedRecipients) {
            boolean plain = added instanceof AddRecipientWithArguments with
                    && (with.arguments().isEmpty() || !mayAddArguments);
            all.changes.add(plain ? new AddRecipient(((AddRecipientWithArguments) added).path()) : added);
        }
    }

    private record Collector(Set<MilterAction> allowed, Consumer<MilterAction> leftOut, List<Change> changes) {

        Collector(Set<MilterAction> allowed, Consumer<MilterAction> leftOut) {
            this(allowed, leftOut, new ArrayList<>());
        }

        void take(MilterAction action, Change change) {
            if (allowed.contains(action)) {
                changes.add(change);
            } else {
                leftOut.accept(action);
            }
        }
    }
}

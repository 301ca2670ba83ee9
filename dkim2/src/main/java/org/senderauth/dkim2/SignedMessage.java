package org.senderauth.dkim2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.senderauth.dkim2.WireMessage.Field;

/**
 * A message with DKIM2 fields whose structure is right (-06 section 11.2): both kinds of fields are numbered from 1 without
 * gap, and the highest signature covers the highest instance. Immutable.
 *
 * @param message the message
 * @param instances the Message-Instance fields, ascending, at least one
 * @param signatures the DKIM2-Signature fields, ascending, at least one
 */
record SignedMessage(WireMessage message, List<MessageInstance> instances, List<Dkim2Signature> signatures) {

    /** The maximum number of fields of each kind. */
    static final int MAX_FIELDS = 20;

    /**
     * Reads the DKIM2 fields of a message.
     *
     * @return nothing if no DKIM2-Signature is there
     * @throws MalformedMessageException if the fields are malformed, misnumbered or more than {@value #MAX_FIELDS}
     */
    static Optional<SignedMessage> parse(WireMessage message) throws MalformedMessageException {
        List<Field> signatureFields = message.fields(Dkim2Signature.NAME);
        List<Field> instanceFields = message.fields(MessageInstance.NAME);
        if (signatureFields.isEmpty()) {
            return Optional.empty();
        }
        if (signatureFields.size() > MAX_FIELDS || instanceFields.size() > MAX_FIELDS) {
            throw MalformedMessageException.limit("more than " + MAX_FIELDS + " DKIM2 fields");
        }
        List<MessageInstance> instances = new ArrayList<>();
        for (Field field : instanceFields) {
            instances.add(MessageInstance.parse(message, field));
        }
        List<Dkim2Signature> signatures = new ArrayList<>();
        for (Field field : signatureFields) {
            signatures.add(Dkim2Signature.parse(message, field));
        }
        instances.sort(Comparator.comparingInt(MessageInstance::number));
        signatures.sort(Comparator.comparingInt(Dkim2Signature::number));
        SignedMessage signed = new SignedMessage(message, List.copyOf(instances), List.copyOf(signatures));
        signed.requireNumbering();
        return Optional.of(signed);
    }

    private void requireNumbering() throws MalformedMessageException {
        for (int i = 0; i < instances.size(); i++) {
            requireOrdinal("Message-Instance m=", instances.get(i).number(), i + 1);
        }
        int covered = 0;
        for (int i = 0; i < signatures.size(); i++) {
            Dkim2Signature signature = signatures.get(i);
            requireOrdinal("DKIM2-Signature i=", signature.number(), i + 1);
            if (signature.instance() < covered) {
                throw new MalformedMessageException(signature.title() + " m= is less than that of i=" + i);
            }
            covered = signature.instance();
        }
        if (covered < instances.size()) {
            throw new MalformedMessageException("Message-Instance m=" + instances.size() + " is not signed");
        }
        if (covered > instances.size()) {
            throw new MalformedMessageException("Message-Instance m=" + covered + " is missing");
        }
    }

    private static void requireOrdinal(String title, int number, int expected) throws MalformedMessageException {
        if (number != expected) {
            throw new MalformedMessageException(
                    number < expected ? title + number + " is a duplicate" : title + expected + " is missing");
        }
    }

    /** The signature of the last hop. */
    Dkim2Signature top() {
        return signatures.get(signatures.size() - 1);
    }

    /** The state of the message as it is. */
    MessageInstance topInstance() {
        return instances.get(instances.size() - 1);
    }
}

package org.senderauth.milter;

/**
 * Decides on mail that comes by the milter protocol. One handler serves all connections and is thread-safe; each message
 * has an object of its own, used by one thread at a time.
 *
 * <p>A method may wait, but no longer than the MTA does: Sendmail gives up an answer after 10 seconds unless its
 * configuration says otherwise, Postfix after 30 seconds ({@code milter_command_timeout}). An exception becomes
 * {@link MilterVerdict#TEMPFAIL}.
 */
public interface MilterHandler {

    /**
     * Returns the needs of the handler.
     *
     * @return the same for all connections
     */
    default MilterNeeds needs() {
        return MilterNeeds.ENVELOPE;
    }

    /**
     * A client connected.
     *
     * @param client the client
     * @return the verdict
     */
    default MilterVerdict connected(MilterClient client) {
        return MilterVerdict.CONTINUE;
    }

    /**
     * A client sent HELO or EHLO; it may do so several times.
     *
     * @param client the client, with its HELO name
     * @return the verdict
     */
    default MilterVerdict helo(MilterClient client) {
        return MilterVerdict.CONTINUE;
    }

    /**
     * A message begins.
     *
     * @param message the message, of which client and sender are known
     * @return what decides on it
     */
    ForMessage message(MilterMessage message);

    /** Decides on one message. */
    interface ForMessage {

        /**
         * The answer to MAIL.
         *
         * @return the verdict
         */
        default MilterVerdict sender() {
            return MilterVerdict.CONTINUE;
        }

        /**
         * The answer to one RCPT.
         *
         * @param recipient the recipient, which the MTA has not rejected
         * @return the verdict on this recipient; ACCEPT and DISCARD are for the whole message
         */
        default MilterVerdict recipient(MilterPath recipient) {
            return MilterVerdict.CONTINUE;
        }

        /**
         * A recipient that the MTA rejected; nothing can save it.
         *
         * @param recipient the recipient
         */
        default void rejected(MilterPath recipient) {}

        /**
         * Tests whether {@link MilterMessage#content} is needed; called when all recipients are known.
         *
         * @return true unless the message is decided on without it
         */
        default boolean needsContent() {
            return true;
        }

        /**
         * Tests whether {@link #body} is called with the whole body, however long; called when all recipients are known, after
         * {@link #needsContent}.
         *
         * @return true if so
         */
        default boolean needsBody() {
            return false;
        }

        /**
         * A piece of the body. At the first one, {@link MilterMessage#content} is the header section.
         *
         * @param octets the piece; the callee owns the array
         */
        default void body(byte[] octets) {}

        /**
         * A header field of those that {@link MilterNeeds#headers} names.
         *
         * @param header the field
         */
        default void header(MilterHeader header) {}

        /**
         * The answer at the end of the message.
         *
         * @param changes collects the changes; they are dropped if the verdict rejects or defers
         * @return the verdict
         */
        default MilterVerdict end(MilterChanges changes) {
            return MilterVerdict.CONTINUE;
        }

        /**
         * The message is over, whether it was answered or aborted: nothing more is asked of this object. Not called if the
         * connection is lost.
         */
        default void ended() {}
    }
}

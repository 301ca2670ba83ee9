package org.senderauth.callout.prober;

import java.net.InetAddress;
import org.senderauth.callout.outcome.CalloutReason;

/** Decides for each network address of a mail server whether a probe may connect to it now. Thread-safe. */
public interface HostLimiter {

    /**
     * Requests a connection. Each admitted one must be ended with {@link #leave}.
     *
     * @param host the name of the mail server, from the MX record
     * @param address the address; already checked to be public
     * @return the admission with the facts of the host, or the reason for the denial
     */
    Leave enter(String host, InetAddress address);

    /**
     * Ends an admitted connection, after it was closed or could not be made.
     *
     * @param address an admitted address
     */
    void leave(InetAddress address);

    /** A decision of {@link #enter}. */
    sealed interface Leave {}

    /**
     * The host may be connected to.
     *
     * @param needsTls it is known to require STARTTLS before MAIL
     * @param refusesNullSender it is known to reject the null sender
     */
    record Entered(boolean needsTls, boolean refusesNullSender) implements Leave {}

    /**
     * The host must not be connected to now.
     *
     * @param reason its earlier failure, {@link CalloutReason#RATE_LIMITED} or {@link CalloutReason#HOST_UNDER_ATTACK}
     */
    record Refused(CalloutReason reason) implements Leave {}
}

package org.senderauth.callout.probe;

import java.net.InetAddress;
import org.senderauth.callout.outcome.CalloutReason;

/** Says of each network address of a mail server whether it may be connected to now. Thread-safe. */
public interface HostLimiter {

    /**
     * Asks for leave to connect. An address that was entered must be left.
     *
     * @param host the name of the mail server, from the MX record
     * @param address where to connect to; already known to be public
     * @return leave, with what is known of the host, or the reason why not
     */
    Leave enter(String host, InetAddress address);

    /**
     * Ends what {@link #enter} began, after the connection is closed or could not be made.
     *
     * @param address an address that was entered
     */
    void leave(InetAddress address);

    /** An answer to {@link #enter}. */
    sealed interface Leave {}

    /**
     * The host may be connected to.
     *
     * @param needsTls it is known to want STARTTLS before MAIL
     * @param refusesNullSender it is known to refuse the null reverse-path
     */
    record Entered(boolean needsTls, boolean refusesNullSender) implements Leave {}

    /**
     * The host must not be connected to now.
     *
     * @param reason why: its earlier trouble, {@link CalloutReason#RATE_LIMITED} or {@link CalloutReason#HOST_UNDER_ATTACK}
     */
    record Refused(CalloutReason reason) implements Leave {}
}

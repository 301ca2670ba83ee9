package org.senderauth.callout.probe;

import java.time.Duration;

/**
 * How long a probe waits for what. Shorter than RFC 5321 section 4.5.3.2 wants for messages: a probe that gives up
 * loses nothing. Each is a bound on the whole wait, however slowly the server drips. Immutable.
 *
 * @param connect for a connection
 * @param greeting for the greeting, which some servers delay on purpose
 * @param hello for the answer to EHLO, HELO, STARTTLS or VRFY
 * @param tls for the TLS handshake
 * @param mail for the answer to MAIL or RSET
 * @param rcpt for the answer to RCPT
 * @param quit for the polite end, RSET and QUIT together
 * @param whole for the probe over all hosts, the DNS included
 */
public record ProbeTimeouts(
        Duration connect,
        Duration greeting,
        Duration hello,
        Duration tls,
        Duration mail,
        Duration rcpt,
        Duration quit,
        Duration whole) {

    /** 10 s to connect, 30 s for greeting and RCPT, 15 s for the rest, 2 s for QUIT, 60 s in all. */
    public static final ProbeTimeouts DEFAULT = new ProbeTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60));

    /**
     * The same time for every single wait.
     *
     * @param each for one wait
     * @param whole for the probe
     * @return the timeouts
     */
    public static ProbeTimeouts of(Duration each, Duration whole) {
        return new ProbeTimeouts(each, each, each, each, each, each, each, whole);
    }

    /**
     * These timeouts with another one for the polite end.
     *
     * @param time for RSET and QUIT together
     * @return changed timeouts
     */
    public ProbeTimeouts withQuit(Duration time) {
        return new ProbeTimeouts(connect, greeting, hello, tls, mail, rcpt, time, whole);
    }

    /**
     * Makes timeouts.
     *
     * @param connect for a connection
     * @param greeting for the greeting
     * @param hello for the answer to EHLO, HELO, STARTTLS or VRFY
     * @param tls for the TLS handshake
     * @param mail for the answer to MAIL or RSET
     * @param rcpt for the answer to RCPT
     * @param quit for the polite end
     * @param whole for the probe
     * @throws IllegalArgumentException if one is not positive
     */
    public ProbeTimeouts {
        for (Duration timeout : new Duration[] {connect, greeting, hello, tls, mail, rcpt, quit, whole}) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout must be longer than nothing, not " + timeout);
            }
        }
    }
}

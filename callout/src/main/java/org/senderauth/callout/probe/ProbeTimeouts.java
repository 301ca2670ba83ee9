package org.senderauth.callout.probe;

import java.time.Duration;

/**
 * The timeouts of a probe, shorter than those of RFC 5321 section 4.5.3.2 for messages: a probe that ends early loses no
 * mail. Each bounds the whole wait, even if the server sends byte by byte. Immutable.
 *
 * @param connect for a connection
 * @param greeting for the banner, which some servers delay on purpose
 * @param hello for the reply to EHLO, HELO, STARTTLS or VRFY
 * @param tls for the TLS handshake
 * @param mail for the reply to MAIL or RSET
 * @param rcpt for the reply to RCPT
 * @param quit for RSET and QUIT together
 * @param whole for the probe over all hosts, including the DNS
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

    private static final Duration MAX = Duration.ofDays(1);

    /** 10 s to connect, 30 s for banner and RCPT, 15 s for the rest, 2 s for QUIT, 60 s in all. */
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
     * Returns timeouts with the same time for every single wait.
     *
     * @param each for one wait
     * @param whole for the probe
     * @return the timeouts
     */
    public static ProbeTimeouts of(Duration each, Duration whole) {
        return new ProbeTimeouts(each, each, each, each, each, each, each, whole);
    }

    /**
     * Returns these timeouts with another one for the end of the session.
     *
     * @param time for RSET and QUIT together
     * @return changed timeouts
     */
    public ProbeTimeouts withQuit(Duration time) {
        return new ProbeTimeouts(connect, greeting, hello, tls, mail, rcpt, time, whole);
    }

    /**
     * Creates timeouts.
     *
     * @param connect for a connection
     * @param greeting for the banner
     * @param hello for the reply to EHLO, HELO, STARTTLS or VRFY
     * @param tls for the TLS handshake
     * @param mail for the reply to MAIL or RSET
     * @param rcpt for the reply to RCPT
     * @param quit for RSET and QUIT together
     * @param whole for the probe
     * @throws IllegalArgumentException if one is not positive, or more than a day
     */
    public ProbeTimeouts {
        for (Duration timeout : new Duration[] {connect, greeting, hello, tls, mail, rcpt, quit, whole}) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout must be positive, was " + timeout);
            }
            if (timeout.compareTo(MAX) > 0) {
                throw new IllegalArgumentException("a timeout must be at most one day, was " + timeout);
            }
        }
    }
}

package org.senderauth.callout.probe;

import java.util.regex.Pattern;

/**
 * What the text of a refusal gives away where its codes do not. Texts are only ever used to spare an address or to
 * look closer; none makes it undeliverable by itself.
 */
final class RefusalTexts {

    // Refusals of the client that asks. The address that is asked about is cut out before, since it is echoed often.
    private static final Pattern ABOUT_US = Pattern.compile(
            "(?i)black ?-?list|block ?-?list|deny ?-?list|dnsbl|\\brbl\\b|\\bdbl\\b|spamhaus|spamcop|barracuda|sorbs"
                    + "|reputation|client host|your (ip|host|server|address|domain|network)|sending (ip|host|server)"
                    + "|\\b(ip|host|connection|mail|message)( address)? (is |was |has been )?(blocked|banned|rejected|refused|denied)"
                    + "|blocked (by|using|for|due|because)|reverse dns|\\bptr\\b|\\brdns\\b|\\bspf\\b|\\bdmarc\\b|\\bhelo\\b");

    private static final Pattern NO_SUCH_USER =
            Pattern.compile("(?i)(no such|unknown|invalid|non-?existent) (user|mailbox|recipient|address|account|local)"
                    + "|(user|mailbox|recipient|address|account)( \\S+)? (is )?(unknown|not found|unavailable"
                    + "|does ?n[o']t exist|does not exist|not exist)|no mailbox");

    private static final Pattern FULL = Pattern.compile("(?i)quota|\\bfull\\b|exceeded storage|over(drawn| its size)");

    private static final Pattern TOO_MANY = Pattern.compile("(?i)too many recipients");

    private static final Pattern GREYLIST = Pattern.compile("(?i)gr[ea]y-? ?list");

    private static final Pattern TLS = Pattern.compile("(?i)start ?tls|\\btls\\b|encrypt");

    private RefusalTexts() {}

    /** The text names lists of hosts, or our host: it refuses the client. */
    static boolean isAboutUs(ServerReply reply, String address) {
        return ABOUT_US.matcher(reply.text().replace(address, "")).find();
    }

    static boolean saysNoSuchUser(ServerReply reply) {
        return NO_SUCH_USER.matcher(reply.text()).find();
    }

    static boolean saysFull(ServerReply reply) {
        return FULL.matcher(reply.text()).find();
    }

    static boolean saysTooManyRecipients(ServerReply reply) {
        return TOO_MANY.matcher(reply.text()).find();
    }

    static boolean saysGreylisted(ServerReply reply) {
        return GREYLIST.matcher(reply.text()).find();
    }

    static boolean asksForTls(ServerReply reply) {
        return TLS.matcher(reply.text()).find();
    }
}

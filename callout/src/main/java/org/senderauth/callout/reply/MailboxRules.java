package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.DISABLED;
import static org.senderauth.callout.outcome.CalloutReason.MAILBOX_BUSY;
import static org.senderauth.callout.outcome.CalloutReason.MAILBOX_FULL;
import static org.senderauth.callout.outcome.CalloutReason.MOVED;
import static org.senderauth.callout.outcome.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.reply.ReplyRule.Weight.DECIDES;
import static org.senderauth.callout.reply.ReplyRule.Weight.UNLESS_ABOUT_US;
import static org.senderauth.callout.reply.ReplyRule.rcpt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows for replies to RCPT about the mailbox, in English; {@link TranslatedMailboxRules} has the other languages. Words are in the form of {@link ReplyText}: no apostrophes, a space for a hyphen.
 */
final class MailboxRules {

    private static final String GAP_WORD = " (?![.%](?!\\S))\\S+";

    /** Up to five words of the same sentence; captured, since they may be about us or {@link OtherThings}. */
    static final String SOME = "((?:" + GAP_WORD + "){0,5}?)";

    static final String FEW = "((?:" + GAP_WORD + "){0,2}?)";

    // "invalid request": the adjective belongs to another noun than the mailbox; OtherThings has those of all
    // languages.
    private static final String OF_THE_MAILBOX =
            "(?! (?:agent|attributes?|characters?|codes?|credentials|encoding|exceptions?|failures?|input|logged|messages?|methods?"
                    + "|options?|or password|parameters?|problems?|requests?|responses?|sources?|state)(?!\\S))";

    /** Permanent, but not for syntax (RFC 5321 section 4.2.3: 50z) or a missing login (RFC 4954 section 6: 53z). */
    static final String REJECTED = "5(?!0[0234]|3)..";

    /** Names of a mailbox. */
    static final String BOX =
            "(?:mail ?box|inbox|user(?! agent| or password| host) ?(?:name|id)?|account|recipient(?: (?:e ?mail )?address)?|rcpt"
                    + "|addressee|customer|subscriber|member|person|alias|local ?part|destination(?: address| mail ?box)?"
                    + "|mail ?user|e ?mail (?:address|account|id)|mail (?:address|account))s?";

    // "Does not accept mail": of anyone, if nothing follows that says of whom, when or how.
    private static final String WITHOUT_CONDITION =
            "(?= ?$| (?:\\.|@|~|here|any ?more|any longer|at this address|due to|because)(?!\\S))";

    private static final String IS_NOT =
            "(?:(?:does|do|did|could|can|is|was|were|has|have) ?(?:not|nt)|not|no longer|doesnt|dosnt|dosent|isnt|wasnt)";

    private static final String HERE =
            "(?: (?:in|on|at|to|by|within) (?:our |this |the |that )?(?:local |e ?mail |mail |ldap )?(?:systems?|servers?|sites?|hosts?|domains?|networks?|data ?bases?|director(?:y|ies)|records?|ldap))?";

    private static final String UNKNOWN =
            "(?:(?:is |are |was )?(?:un ?known|un ?knonw|invalid|non ?exist[ae]nt|inexist[ae]nt|undefined"
                    + "|unrecogni[sz]ed|unroute?able|deleted|removed)"
                    + "|" + IS_NOT + "(?: be| been| currently| yet| a| an| any| here| longer){0,8}"
                    + " (?:known|found|exist(?:s|ing|ent)?|located|recogni[sz]ed|registered|defined|local|listed|present|valid|here"
                    + "|available here|resolved|hosted|in (?:our|the|this)|on (?:this|our)|our|with us))" + HERE;

    /** Names of a mailbox before or after {@link #UNKNOWN}; these rows also veto "full". */
    private static final List<ReplyRule> ENGLISH = List.of(
            unknown(
                    "user-unknown",
                    BOX + SOME + " " + UNKNOWN + OF_THE_MAILBOX,
                    "Postfix: User unknown in local recipient table; Sendmail, Exim, Google"),
            unknown(
                    "no-such-user",
                    "(?:no such|un ?known|invalid|non ?exist[ae]nt|non ?existing|inexist[ae]nt|undefined|unrecogni[sz]ed|deleted|un ?known or deleted|bad|wrong|incorrect|illegal"
                            + "|not an?(?: valid| known| local| registered)?(?! (?:member|subscriber|customer|person))|not (?:valid|known|local|our(?! customer))|no valid|no) (?:local |mail |e ?mail |virtual |such |target )?"
                            + BOX + HERE + OF_THE_MAILBOX,
                    "Exim: No Such User Here; Domino; Mimecast: Invalid Recipient"),
            unknown(
                    "cannot-find-user",
                    "(?:can ?not|cant|could ?not|couldnt|unable to|(?:not|were ?nt|was ?nt) able to|failed to|did ?nt|did not) (?:find|locate|recogni[sz]e|identify|resolve)"
                            + FEW + " (?:" + BOX + "|recipients? domain|@)",
                    "Google: We weren't able to find the recipient domain"),
            unknown(
                    "no-mailbox-by-that-name",
                    "no(?: ?body| one| mail ?box| user| account)?(?: here)? (?:by|with|of|under|for) (?:that|this|the|such) (?:e ?mail )?(?:name|address|id)",
                    "qmail: no mailbox here by that name"),
            unknown(
                    "nobody-here",
                    "no such (?:person|address|local|name|alias|customer|e ?mail|mail ?drop)|un ?known address or alias|no ?body here|no ?(?:one|body) at this address|(?<!~ is )not an? (?:active|local|valid) (?:e ?mail )?address|recipient not ok|missing home directory",
                    "vpopmail"),
            unknown(
                    "has-no-account",
                    "(?:doesnt|does not|dont|do not) have an?" + SOME + " (?:account|mail ?box|inbox)",
                    "Yahoo: This user doesn't have a yahoo.com account"),
            unknown(
                    "address-does-not-exist",
                    "(?:e ?mail(?!(?: \\S+){0,2}? domain)|address|@(?!(?: \\S+){0,2}? domain))" + SOME + " " + IS_NOT
                            + "(?: currently| longer)? (?:exists?|accepts? (?:e ?)?mails?" + WITHOUT_CONDITION
                            + "|handled|valid|found|known|be found|a valid (?:e ?mail )?address|in use)"
                            + HERE
                            + OF_THE_MAILBOX,
                    "Haraka; Yahoo: is no longer valid"),
            unknown(
                    "address-unknown",
                    "(?:rcpt(?: to)? )?@ (?:is |was )?(?:unknown|not found|invalid|nonexistent|not known)" + HERE
                            + "|unknown @",
                    "au one: User unknown; NTT docomo: Unknown user"),
            unknown("unrouteable-address", "unroute?able (?:mail )?address", "Exim: Unrouteable address"),
            unknown(
                    "nouser-token",
                    "nouser|nosuchuser|usernotfound|userunknown|unknownuser|\\w*recip(?:ient)?notfound|mailboxnotfound|invalidrecipient|rcp nouser|cuda nsu",
                    "Hanmail: RCP_NOUSER; Exchange: RESOLVER.ADR.RecipientNotFound"),
            unknown(
                    "cyrus-mailbox-unknown",
                    "mail ?box unknown \\. either there is no mail ?box associated with this name or you do not have authori[sz]ation to see it",
                    "Cyrus IMAP: Mailbox unknown"),
            unknown(
                    "no-longer-employed",
                    "no longer (?:an employee|employed|works?(?: here| (?:at|for) \\S+)?|with (?:us|the company|our company))|(?:has|have) left (?:the|our|this) (?:company|organi[sz]ation|university|school|firm)",
                    "observed: bob is no longer an employee"),
            unknown(
                    "no-mail-for-user",
                    "(?:doesnt|does not|dont|do not|cannot|can not|will not|wont) (?:handle|accept|deliver|receive) (?:e ?)?mails? (?:for|to) (?:that|this) (?:user|recipient|mail ?box|address|account)",
                    "observed: server doesn't handle mail for that user"),
            unknown("cannot-deliver-for", "(?:i )?cannot deliver mail for @", "Haraka: I cannot deliver mail for"),
            unknown("may-not-exist", "recipient may contain a non ?existent account", "QQ"));

    private static final String ENDED =
            "(?:(?:administratively|permanently) )?(?:disabled|dis ?activated|suspend(?:ed)?|deactivated|de ?activated|inactive|inactivated|locked|frozen|closed|expired|terminated"
                    + "|archived|discontinued|cancell?ed|abandoned|unused|not (?:currently )?active|no longer (?:active|in use|monitored|available|valid)|on hold|not enabled|not accepting(?: any)? (?:mail|messages|e ?mail)"
                    + WITHOUT_CONDITION
                    + ")(?! (?:to|for (?:internet|external|maintenance|e ?mails?|mails?|outside|new|you)|until|except|unless|by|bis)(?!\\S))";

    private static final List<ReplyRule> ENDED_MAILBOXES = List.of(
            ended(
                    "mailbox-disabled",
                    "(?:account|mail ?box|user|recipient|inbox|e ?mail (?:account|address)|address|customer|@)" + SOME
                            + " " + ENDED,
                    "RFC 3463 section 3.3, X.2.1; Yahoo, NetEase, cPanel"),
            ended(
                    "disabled-mailbox",
                    "(?:disabled|suspended|deactivated|inactive|locked|frozen|closed|expired|terminated|archived|discontinued|cancell?ed) (?:user|mail ?box|account|e ?mail(?: address| account)?|recipient|address)",
                    "iCloud: inactive email address"),
            ended("inactive-token", "rcp inactive", "Hanmail: RCP_INACTIVE"),
            ended(
                    "account-blocked",
                    "(?:account|mail ?box)" + FEW + " (?:is|was|has been) (?:temporarily )?blocked",
                    "La Poste: The recipient account is blocked"));

    private static final List<ReplyRule> FULL = List.of(
            full(
                    "mailbox-full",
                    "(?:mail ?(?:box|folder|dir)|inbox|box|account|user|recipient|postbox|@)(?!(?: \\S+){0,4} (?:unknown|invalid))"
                            + SOME
                            + " (?:full|over ?(?:flow(?:ed|n)?|filled|quota)|exceed\\w*(?: (?:its|the|h(?:is|er)|their|local|storage|disk|size|mail|mailbox|space|quota|limit|allocation|allowed)){0,4}|out of (?:storage )?space|too large)|full (?:mail ?box|inbox)",
                    "RFC 3463 section 3.3, X.2.2; cPanel, Zoho"),
            full(
                    "over-quota",
                    "(?:over|exceed\\w*|out of|above|beyond|reached)(?: (?:the|its|h(?:is|er)|their|disk|mail|mailbox|storage|allowed|max|maximum)){0,3} (?:quota|storage(?: space| limit| allocation)?)(?: limit)?|(?:disk|mail ?box|storage|mail|user|account)? ?quota"
                            + FEW + " (?:exceed\\w*|full|reached|violation|overflow)",
                    "Google, Zoho; RFC 5321 section 4.2.3: exceeded storage allocation"),
            full(
                    "mailbox-size-limit",
                    "mail ?box (?:size|storage)(?: limit)?(?: has been| is)? exceed\\w*|(?:mail ?box is full )?(?:(?:blocks?|inodes?) limit exceeded ?){1,8}|exceeded storage allocation|(?:mail ?box|user|account) size limit",
                    "T-Online, Yandex, cPanel"),
            full(
                    "no-space-for-user",
                    "(?:not|no|doesnt|does not|insufficient)(?: have)?(?: enough)? (?:disk |storage |disc )?(?:space|storage|quota)(?: left)? (?:in|for|of) (?:the |this )?(?:mail ?box|user|account|recipient|@)|@ does not have enough (?:\\S+ )?space|users? (?:disk )?space has been used up",
                    "observed: not enough space for the mailbox"),
            full(
                    "no-space-left",
                    BOX + SOME
                            + " (?:(?:has )?(?:no|not enough|insufficient) (?:more )?(?:disk |storage )?(?:space|room|storage)|at capacity"
                            + "|(?:storage|disk|space)(?: space)? (?:is )?(?:exhausted|full)|maximum size)"
                            + "|(?:no|not enough|insufficient) (?:mail ?box )?(?:space|storage|room) (?:available |left )?(?:in|for) (?:the |this |users? ){0,2}"
                            + BOX + "|no mail ?box (?:space|storage|room)|@ insufficient storage",
                    "RFC 3463 section 3.3, X.2.2: observed with X.1.1 and X.2.1"),
            full(
                    "too-many-messages-in-mailbox",
                    "(?:user|mail ?box|recipient|account)" + FEW
                            + " too many (?:messages|mails|e ?mails)(?: on the server| in)?|too many messages (?:on the server|in the mail ?box)",
                    "GMX: User has too many messages on the server"));

    private MailboxRules() {}

    /** Returns the rows for an existing mailbox that is full or receives too much mail. */
    static List<ReplyRule> existing() {
        List<ReplyRule> rules = new ArrayList<>();
        rules.add(rcpt(
                "mailbox-rate",
                "[45]..",
                null,
                "(?:user|recipient|mail ?box|account)(?: (?!\\.)\\S+){0,8}? receiving (?:mail|e ?mail|messages) (?:at a rate|too (?:quickly|fast))",
                DECIDES,
                MAILBOX_BUSY,
                "Google: is receiving mail at a rate that prevents additional messages"));
        rules.addAll(FULL);
        rules.addAll(TranslatedMailboxRules.FULL);
        rules.add(full(
                "code-mailbox-full",
                "[45]..",
                "[45]\\.2\\.2",
                "^|\\b(?:quota|limits?|exceed\\w*|larger than)\\b",
                "RFC 3463 section 3.3, X.2.2"));
        return rules;
    }

    /** Returns the rows for a mailbox that does not exist, has moved, or is disabled. */
    static List<ReplyRule> missing() {
        List<ReplyRule> rules = new ArrayList<>();
        rules.add(
                rcpt("code-moved", REJECTED, "5\\.1\\.6", null, UNLESS_ABOUT_US, MOVED, "RFC 3463 section 3.2: X.1.6"));
        rules.add(rcpt(
                "moved",
                REJECTED,
                null,
                "user not local . please try|user not local please try|(?:user|recipient|mail ?box|account|address|@)"
                        + FEW
                        + "(?<! being) (?:has moved|moved to)(?! (?:an? |another )?(?:new |other )?(?:servers?|hosts?|systems?|platforms?))",
                UNLESS_ABOUT_US,
                MOVED,
                "RFC 5321 section 3.4: 551 User not local; please try"));
        rules.addAll(ENDED_MAILBOXES);
        rules.addAll(TranslatedMailboxRules.ENDED);
        rules.addAll(ENGLISH);
        rules.addAll(TranslatedMailboxRules.UNKNOWN);
        return rules;
    }

    static ReplyRule unknown(String id, String words, String source) {
        return rcpt(id, REJECTED, null, words, UNLESS_ABOUT_US, NO_SUCH_MAILBOX, source);
    }

    static ReplyRule ended(String id, String words, String source) {
        return rcpt(id, REJECTED, null, words, UNLESS_ABOUT_US, DISABLED, source);
    }

    static ReplyRule full(String id, String words, String source) {
        return full(id, "[45]..", null, words, source);
    }

    private static ReplyRule full(
            String id, String replyCodes, @Nullable String enhanced, @Nullable String words, String source) {
        return rcpt(id, replyCodes, enhanced, words, UNLESS_ABOUT_US, MAILBOX_FULL, source);
    }
}

package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.ACCEPTED;
import static org.senderauth.callout.outcome.CalloutReason.CANNOT_VERIFY;
import static org.senderauth.callout.outcome.CalloutReason.DISABLED;
import static org.senderauth.callout.outcome.CalloutReason.GREYLISTED;
import static org.senderauth.callout.outcome.CalloutReason.HOST_ACCEPTS_NO_MAIL;
import static org.senderauth.callout.outcome.CalloutReason.HOST_BUSY;
import static org.senderauth.callout.outcome.CalloutReason.MAILBOX_BUSY;
import static org.senderauth.callout.outcome.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.outcome.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.PROTOCOL_ERROR;
import static org.senderauth.callout.outcome.CalloutReason.RELAY_DENIED;
import static org.senderauth.callout.outcome.CalloutReason.SMTPUTF8_UNSUPPORTED;
import static org.senderauth.callout.outcome.CalloutReason.TEMPFAIL;
import static org.senderauth.callout.outcome.CalloutReason.TLS_REQUIRED;
import static org.senderauth.callout.outcome.CalloutReason.TOO_MANY_RECIPIENTS;
import static org.senderauth.callout.outcome.CalloutReason.UNCLEAR_REJECTION;
import static org.senderauth.callout.reply.ReplyRule.ANY;
import static org.senderauth.callout.reply.ReplyRule.Weight.DECIDES;
import static org.senderauth.callout.reply.ReplyRule.Weight.UNLESS_ABOUT_US;
import static org.senderauth.callout.reply.ReplyRule.Weight.UNLESS_POSTMASTER_TOO;
import static org.senderauth.callout.reply.ReplyRule.of;
import static org.senderauth.callout.reply.ReplyRule.rcpt;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The table of the meanings of replies, in the order in which it is read: the first row that applies decides. A row about
 * a mailbox comes before those about us, since it only applies where none of those does.
 */
final class ReplyRules {

    /** Words of replies that often contain another reason as well; not a veto. */
    static final String RELAY_WORDS =
            "(?:open )?relay(?:ing)?(?: access| mail| to \\S+)? (?:is |was )?(?:denied|not (?:permitted|allowed|authori[sz]ed)|prohibited|refused|forbidden|rejected)"
                    + "|(?:unable|not (?:permitted|allowed)|cannot|refus\\w*|wont|we do not|dont) (?:to )?relay\\w*|we do not relay|not an open relay";

    private static final Set<ReplyStage> BANNER = EnumSet.of(ReplyStage.BANNER);
    private static final Set<ReplyStage> HELLO = EnumSet.of(ReplyStage.BANNER, ReplyStage.EHLO);
    private static final Set<ReplyStage> BEFORE_RCPT = EnumSet.of(ReplyStage.BANNER, ReplyStage.EHLO, ReplyStage.MAIL);
    private static final Set<ReplyStage> MAIL = EnumSet.of(ReplyStage.MAIL);
    private static final Set<ReplyStage> ENVELOPE = EnumSet.of(ReplyStage.MAIL, ReplyStage.RCPT);

    // A code alone is enough only where the text names a mailbox as well, or is empty.
    private static final String SPEAKS_OF_MAILBOX =
            "^(?!.*undeliverable address (?!@?$))(?!.*(?<!\\S)(?:use[sd]?|using|via|through|goes|over"
                    + "|only|supported|served|prove|free|parked|spac(?:e|io)|spazio|storage|room|size|disk|full|capacity|exhausted|unreachable|overdrawn"
                    + "|gateway|form|message id|mail refused)(?!\\S))(?=.*(?<!\\S)(?:" + MailboxRules.BOX
                    + "|e ?mails?|address|@|domain|host|destinat\\p{L}*|utilisateur|empf\\p{L}+|usuario|utente)(?!\\S)|(?:un ?known|not found|invalid|no)?[ .]*$)";

    // 521 is about the host (RFC 7504), whatever the enhanced status code is.
    private static final String NOT_521 = "(?!521)" + MailboxRules.REJECTED;

    private static final List<ReplyRule> POSITIVE = List.of(
            rcpt("2yz-accepted", "25[01]", null, null, DECIDES, ACCEPTED, "RFC 5321 section 4.2.3: 250, 251"),
            rcpt("252-cannot-verify", "252", null, null, DECIDES, CANNOT_VERIFY, "RFC 5321 section 4.2.3: 252"),
            of(
                    "220-banner",
                    BANNER,
                    "220",
                    null,
                    null,
                    DECIDES,
                    CANNOT_VERIFY,
                    "RFC 5321 section 3.1: says nothing of the address"),
            of(
                    "250-before-rcpt",
                    EnumSet.of(ReplyStage.EHLO, ReplyStage.MAIL),
                    "25.",
                    null,
                    null,
                    DECIDES,
                    CANNOT_VERIFY,
                    "RFC 5321 section 3.3: says nothing of the address"),
            of("not-a-rejection", ANY, "[^45]..", null, null, DECIDES, PROTOCOL_ERROR, "RFC 5321 section 4.2.1"));

    private static final List<ReplyRule> SESSION = List.of(
            of(
                    "530-starttls",
                    ENVELOPE,
                    "530",
                    null,
                    "start ?tls|tls|ssl|encrypt\\w*",
                    DECIDES,
                    TLS_REQUIRED,
                    "RFC 3207 section 4"),
            of(
                    "code-encryption-needed",
                    ENVELOPE,
                    "5..",
                    "5\\.7\\.10",
                    null,
                    DECIDES,
                    TLS_REQUIRED,
                    "RFC 5248, X.7.10"),
            of(
                    "policy-starttls",
                    ENVELOPE,
                    "5..",
                    "5\\.7\\.\\d+",
                    "start ?tls|tls|encrypt\\w*",
                    DECIDES,
                    TLS_REQUIRED,
                    "RFC 3463 section 3.8"),
            of(
                    "pipelining",
                    ENVELOPE,
                    "5..",
                    null,
                    "synchroni[sz]ation error|pipelin\\w*|commands? (?:sent )?out of (?:turn|order)",
                    DECIDES,
                    PROTOCOL_ERROR,
                    "Exim: SMTP synchronization error; RFC 2920"),
            of(
                    "null-sender",
                    ENVELOPE,
                    "5..",
                    null,
                    "(?:null|empty|blank) (?:envelope |mail )?(?:senders?|from|return ?path|reverse ?path|address(?:es)? in from)\\S*|nullsender (?:is |was )?(?:not|rejected|refused|invalid)",
                    DECIDES,
                    NULL_SENDER_REFUSED,
                    "NetEase: NULL sender is not allowed; GoDaddy: Blank From"),
            rcpt(
                    "code-smtputf8",
                    "5..",
                    "5\\.6\\.7",
                    null,
                    DECIDES,
                    SMTPUTF8_UNSUPPORTED,
                    "RFC 6531 section 3.7.4.2, X.6.7"),
            rcpt(
                    "code-too-many-recipients",
                    "[45]..",
                    "[45]\\.5\\.3",
                    null,
                    DECIDES,
                    TOO_MANY_RECIPIENTS,
                    "RFC 3463 section 3.6, X.5.3"),
            rcpt(
                    "too-many-recipients",
                    "45[012]|552",
                    null,
                    "too many recipients",
                    DECIDES,
                    TOO_MANY_RECIPIENTS,
                    "RFC 5321 section 4.5.3.1.10"));

    private static final List<ReplyRule> TEMPORARY = List.of(rcpt(
            "greylisting-4yz",
            "4..",
            null,
            "gr[ea]y ?list\\w*|not yet authori[sz]ed to deliver",
            DECIDES,
            GREYLISTED,
            "RFC 6647; Postgrey, milter-greylist"));

    /** One row for each product whose code or text has a meaning of its own. */
    private static final List<ReplyRule> PROVIDERS = List.of(
            rcpt(
                    "microsoft-directory",
                    "550",
                    "5\\.4\\.1",
                    "rcptrejected access denied(?! for)(?!.*%)(?: \\. for more information see ~)?(?: ~)?",
                    UNLESS_ABOUT_US,
                    NO_SUCH_MAILBOX,
                    "Microsoft: directory-based edge blocking, 550 5.4.1"),
            rcpt(
                    "microsoft-recipient-unknown",
                    "550",
                    "5\\.1\\.351",
                    "remote server returned",
                    UNLESS_ABOUT_US,
                    NO_SUCH_MAILBOX,
                    "Microsoft: 5.1.351"),
            rcpt(
                    "aol-token",
                    "5..",
                    null,
                    "(?:rly|hvu|rtr|dyn|dns|pol|url|pm) [a-z]{1,2}\\d?|con [a-z]\\d",
                    DECIDES,
                    POLICY_REFUSED,
                    "AOL: 554 5.2.1 (RLY:B1), about the host that connects"),
            rcpt(
                    "not-our-customer",
                    "550",
                    "5\\.1\\.1",
                    "not our customer",
                    UNLESS_ABOUT_US,
                    NO_SUCH_MAILBOX,
                    "Comcast: 550 5.1.1 Not our Customer"),
            rcpt(
                    "mailbox-name-not-allowed",
                    "553",
                    null,
                    "mail ?box name (?:not allowed|invalid)",
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "RFC 5321 section 4.2.3: 553 mailbox name not allowed"),
            rcpt(
                    "cisco-recipient-table",
                    "550",
                    "5\\.1\\.0",
                    "address rejected",
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "Cisco: 550 #5.1.0 Address rejected"),
            rcpt(
                    "barracuda-blocked",
                    "550",
                    null,
                    "permanent failure for one or more recipients @ blocked",
                    DECIDES,
                    UNCLEAR_REJECTION,
                    "Barracuda"));

    private static final List<ReplyRule> DOMAIN = List.of(
            rcpt(
                    "relay-denied",
                    "[45]..",
                    null,
                    RELAY_WORDS + "|rcpthosts|relay\\w*",
                    UNLESS_ABOUT_US,
                    RELAY_DENIED,
                    "Exim: relay not permitted; Postfix, Sendmail, qmail, Exchange"),
            rcpt(
                    "domain-not-here",
                    "5..",
                    null,
                    "(?:do|does|will) ?(?:not|nt) (?:\\S+ )?(?:handle|accept|host|process|receive|serve|relay) (?:e ?)?mails? (?:for|to)|not (?:a |one of )?(?:our|my|local|hosted|accepted) domains?|non accepted domain|no such domain(?: here)?|unknown (?:local |recipient )?domain|domain"
                            + MailboxRules.SOME
                            + " (?:not|isnt) (?:\\S+ )?(?:hosted|served|local|here|accepted|configured|found)|unroute?able (?:mail )?domain",
                    UNLESS_ABOUT_US,
                    RELAY_DENIED,
                    "observed: We do not handle mail for this domain"));

    private static final List<ReplyRule> CODES = List.of(
            rcpt(
                    "login-required",
                    "53.",
                    null,
                    null,
                    DECIDES,
                    POLICY_REFUSED,
                    "RFC 4954 section 6: 530, 534, 535, 538"),
            rcpt("code-policy", "5..", "5\\.7\\.\\d+", null, DECIDES, POLICY_REFUSED, "RFC 3463 section 3.8, X.7.x"),
            rcpt("571-policy", "571", null, null, DECIDES, POLICY_REFUSED, "qmail, Proofpoint: 571"),
            rcpt(
                    "code-no-mailbox",
                    NOT_521,
                    "5\\.1\\.(?:1|2|3|10)",
                    SPEAKS_OF_MAILBOX,
                    UNLESS_ABOUT_US,
                    NO_SUCH_MAILBOX,
                    "RFC 3463 section 3.2: X.1.1, X.1.2, X.1.3; RFC 7505: X.1.10"),
            rcpt(
                    "code-disabled",
                    NOT_521,
                    "5\\.2\\.1",
                    SPEAKS_OF_MAILBOX,
                    UNLESS_ABOUT_US,
                    DISABLED,
                    "RFC 3463 section 3.3: X.2.1"),
            rcpt(
                    "code-no-mailbox-alone",
                    NOT_521,
                    "5\\.(?:1\\.(?:1|2|3|10)|2\\.1)",
                    "^(?!.*(?:undeliverable|unreachable|contact|gateway|parked|served|allowance|overdrawn|family| via |spazio|espacio|space|messages?|mails?|content|transaction|service|system|delivery|server|error|thank|full|fail|again))",
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "RFC 3463 sections 3.2 and 3.3"));

    private static final List<ReplyRule> WEAK = List.of(
            rcpt(
                    "mailbox-unavailable",
                    "511|55.",
                    null,
                    "(?:mail ?box|user|recipient|account|address|rcpt|@)" + MailboxRules.SOME
                            + " (?:un ?available|not available|rejected|refused|undeliverable|unreachable|not deliverable)"
                            + "(?! (?:this|these|the|your|e ?mails?|mails?|messages?|delivery|it|by|in|to|over|via|on|from|at|during|until|our|use|disk|with|wait|local|gb\\w+|after|before|no|region|robots|session|not|looks|[a-z]{2}$)(?!\\S))",
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "RFC 5321 section 4.2.3: 550 mailbox unavailable"),
            rcpt(
                    "address-invalid",
                    "511|55.",
                    null,
                    "(?:un ?known|invalid|bad|wrong|incorrect|illegal|unresolvable) (?:e ?mail |mail )?address(?! (?:in (?:from|mail)|syntax)(?!\\S))"
                            + "|undeliverable (?:e ?mail |mail )?address(?= ?@? ?$)|address"
                            + MailboxRules.SOME
                            + " (?:un ?known|invalid|incorrect|not (?:valid|recogni[sz]ed|present))|(?:adresse?|direcci[oó]n|endere[cç]o|indirizzo) (?:invalide?|inv[aá]lid[oa]|non valido|incorrect[ea]?)",
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "observed: invalid address, without a word for whose"));

    private static final List<ReplyRule> DEFAULTS = List.of(
            rcpt("421-closing", "421", null, null, DECIDES, TEMPFAIL, "RFC 5321 section 3.8"),
            rcpt("code-system-4yz", "4..", "4\\.3\\.\\d+", null, DECIDES, TEMPFAIL, "RFC 3463 section 3.4"),
            rcpt(
                    "code-greylisting",
                    "4..",
                    "4\\.7\\.1",
                    null,
                    DECIDES,
                    GREYLISTED,
                    "RFC 6647; Rspamd: 451 4.7.1 Try again later"),
            rcpt("code-policy-4yz", "4..", "4\\.7\\.0", null, DECIDES, TEMPFAIL, "RFC 3463 section 3.8"),
            rcpt("code-mailbox-busy", "4..", "4\\.2\\.1", null, DECIDES, MAILBOX_BUSY, "RFC 3463 section 3.3: X.2.1"),
            rcpt("450-mailbox-busy", "450", null, null, DECIDES, MAILBOX_BUSY, "RFC 5321 section 4.2.3: 450"),
            of("4yz-hello", HELLO, "4..", null, null, DECIDES, HOST_BUSY, "RFC 5321 section 4.3.2"),
            of("4yz", ENVELOPE, "4..", null, null, DECIDES, TEMPFAIL, "RFC 5321 section 4.2.1"),
            of("521-banner", BANNER, "521", null, null, DECIDES, HOST_ACCEPTS_NO_MAIL, "RFC 7504 section 3"),
            of(
                    "5yz-hello",
                    HELLO,
                    "5..",
                    null,
                    null,
                    DECIDES,
                    POLICY_REFUSED,
                    "RFC 5321 section 3.1: 554; section 4.1.4: EHLO"),
            of(
                    "5yz-mail",
                    MAIL,
                    "5..",
                    null,
                    null,
                    DECIDES,
                    NULL_SENDER_REFUSED,
                    "RFC 5321 section 4.5.5: the null reverse-path must be accepted"),
            rcpt("521-rcpt", "521", null, null, DECIDES, HOST_ACCEPTS_NO_MAIL, "RFC 7504 section 3"),
            rcpt(
                    "556-rcpt",
                    "556",
                    null,
                    null,
                    UNLESS_POSTMASTER_TOO,
                    NO_SUCH_MAILBOX,
                    "RFC 7504 section 4: 556 domain does not accept mail"),
            rcpt("protocol", "50[0-4]", null, null, DECIDES, PROTOCOL_ERROR, "RFC 5321 section 4.2.3: 500 to 504"),
            rcpt(
                    "5yz-unclear",
                    "5..",
                    null,
                    null,
                    DECIDES,
                    UNCLEAR_REJECTION,
                    "RFC 5321 section 4.2.3: 550 is no access and policy as well"));

    static final List<ReplyRule> TABLE = Stream.of(
                    POSITIVE,
                    SESSION,
                    MailboxRules.existing(),
                    TEMPORARY,
                    PROVIDERS,
                    MailboxRules.missing(),
                    DOMAIN,
                    AboutUsRules.HOST,
                    AboutUsRules.SENDER,
                    OtherCauseRules.all(),
                    CODES,
                    WEAK,
                    DEFAULTS)
            .flatMap(List::stream)
            .toList();

    private ReplyRules() {}
}

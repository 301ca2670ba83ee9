package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.UNCLEAR_REJECTION;
import static org.senderauth.callout.reply.ReplyRule.Weight.DECIDES;
import static org.senderauth.callout.reply.ReplyRule.rcpt;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows for permanent replies that name another cause than a missing mailbox: an address that accepts mail of some senders
 * only, a lookup that failed, or an overloaded server. Each decides, and each is a veto like those of {@link AboutUsRules}.
 */
final class OtherCauseRules {

    /** The address is for some senders only, or the server could not verify it. */
    static final List<ReplyRule> LIMITED = List.of(
            other(
                    "some-senders-only",
                    "extern\\w*|esterni?|zewnetrzn\\p{L}*|zagranic\\p{L}*|внешн\\p{L}*|рассыл\\p{L}*|ausland|werbung|newsletters?|anonymous|opted out|friends|guests|ports? \\d+|internal\\w*|outsiders?|outside|remote (?:sites?|users?|mail|networks?)|the internet|inbound"
                            + "|(?:only|just) (?:accepts?|receives?|allows?|for|from|members?|subscribers?|\\S+ (?:may|can) (?:post|send))|(?:members?|subscribers?|owners?) only"
                            + "|business hours|posting|for sending|may not (?:send|post)|moderat\\w*|challenge\\w*",
                    "Exchange, mailing lists: only members may post"),
            other("some-senders-only-cjk", "外部|境外|外域|外网|陌生", "observed texts in Chinese"),
            other(
                    "cannot-verify-recipient",
                    "call ?backs?|no callouts?|(?:accept|allow|permit|do|like|answer)\\w* callouts?|callouts? (?:are|is)|sav|(?:back|reverse) ?verif\\w*|vrfy|prob(?:es?|ing)|verify failed|verification (?:is |was )?(?:disabled|suspended|not|off|un ?available|inactive)|no (?:address )?verification|unverified|lookup (?:fail\\w*|errors?)|name service error|ldap|data ?bases?|back ?end"
                            + "|(?:un ?able|failed|can ?not|cant|could ?not|couldnt)(?: to)?(?: be)? (?:verif\\w*|validate\\w*|check\\w*|look ?up)",
                    "Postfix: unverified address; servers whose directory does not respond"));

    /** A temporary failure of the server, in a permanent reply. */
    static final List<ReplyRule> TEMPORARY = List.of(
            other(
                    "temporary",
                    "temporar\\w*|retry\\w*|resend (?:in|after|it in)|right now|for now|not today|in progress|come back|(?:in|after|within) \\d+ (?:seconds?|minutes?|hours?)|minutes?|an hour|soon|sync\\w*|replicat\\w*|migrat\\w*|being moved|restored|my ?sql|sql|nfs|getpwnam|stale|gone away|unreadable|i o|(?:nis|map|look ?up|directory|dns|ldap) (?:failure|problem|error)|no (?:response|route)|(?:not|isnt) responding|is down|loops?|looped|looping|died|(?:on )?vacation|arrears|temporairement|momentan\\w*|voruebergehend|vorubergehend|temporanea\\w*|temporal\\w*|czasowo|временно|urlaub|reessayez|try(?:ing)? (?:again )?(?:in|after|back)|later|timed? ?out|(?:service|system|server|directory|address ?book|list) (?:is )?(?:currently |temporarily )?(?:(?:un ?|not )(?:available|reachable)|down|offline|not responding)"
                            + "|currently (?:un|not )available|at (?:this time|the moment)|maintenance|overload\\w*|busy"
                            + "|sp(?:ae|a)ter|plus tard|m[aá]s tarde|mais tarde|pi[uù] tardi|позже|пізніше|pozdeji|p[oó][zź]niej|senere|senare",
                    "RFC 3463 section 2: 5.y.z does not pass"),
            other(
                    "temporary-cjk",
                    "暂停|请稍|稍后|稍後|暂时|暫時|しばらく|後ほど|一時的|나중에|일시적",
                    "the same in Chinese, Japanese and Korean"));

    private static final String OWN = "(?:own |e ?mail |mail |smtp |user ?)?";

    /** The account or address of the host that probes. Matched in the whole text, since it reads like a missing mailbox. */
    static final List<ReplyRule> OF_THE_CLIENT = List.of(
            other(
                    "your-account",
                    "your " + OWN + "(?:account|user|username|address|mail ?box|e ?mail|mail|id)"
                            + "|(?:smtp|sending|outgoing|relay(?:ing)?|hosting|submission) (?:mail |user )?accounts?"
                            + "|(?:votre|vos) (?:compte|adresse|bo[iî]te|utilisateur)|ihr(?:e[rnms]?)? (?:konto|benutzer\\p{L}*|postfach|e ?mail ?adresse|adresse|mailbox)"
                            + "|(?:su|tu|sua|seu|tua|suo|vuestr[oa]|vostr[oa]) (?:cuenta|conta|usuario|usu[aá]rio|utente|buz[oó]n|casella|caixa|direcci[oó]n|endere[cç]o|indirizzo|correo)"
                            + "|host no encontrado|host non trovato"
                            + "|(?:uw|je) (?:account|adres|postbus|mailbox|gebruiker)|(?:din|ditt|deres|dit) (?:konto|adresse?|postkasse|brevl[aå]da)"
                            + "|tw[oó]j\\p{L}* (?:adres|konto|skrzynka)|va[sš]\\p{L}* (?:adresa|[uú]et|schr[aá]nka)|az on \\p{L}+|adresiniz|hesab[ıi]n[ıi]z",
                    "observed about us: Your account is unknown"),
            other(
                    "server-address-cjk",
                    "(?:服务器|伺服器|主机|主機|源|对方|對方)的?地址|(?:ホスト名?|サーバー?)の?アドレス|(?:서버|호스트) ?(?:의 )?(?:주소|이름)",
                    "the address of a server, in Chinese, Japanese and Korean"));

    private OtherCauseRules() {}

    static List<ReplyRule> all() {
        return Stream.of(OF_THE_CLIENT, LIMITED, TEMPORARY)
                .flatMap(List::stream)
                .toList();
    }

    private static ReplyRule other(String id, String words, String source) {
        return rcpt(id, "5..", null, words, DECIDES, UNCLEAR_REJECTION, source);
    }
}

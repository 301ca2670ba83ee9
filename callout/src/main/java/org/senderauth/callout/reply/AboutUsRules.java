package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.reply.ReplyRule.ANY;
import static org.senderauth.callout.reply.ReplyRule.Weight.DECIDES;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * Rows for replies that may be about us, the host that probes, or about our null sender. Each decides, and each is a veto:
 * where one applies to the rest of a reply, no other row makes an address undeliverable.
 */
final class AboutUsRules {

    /** Rows about the host that probes. */
    static final List<ReplyRule> HOST = List.of(
            us(
                    "code-policy-detail",
                    "[45]\\.7\\.(?!(?:0|1|17|54|64)$)\\d+",
                    null,
                    "RFC 3463 section 3.8, RFC 7372: X.7.20 to X.7.27; Microsoft: 5.7.5xx to 5.7.7xx; not RFC 7293: X.7.17, nor Exchange's relaying: 5.7.54, 5.7.64"),
            us(
                    "your-host",
                    "for you|your (?:sending|outgoing|outbound)|y?our (?:own |sending |mail |e ?mail |smtp |current |public |outgoing )?(?:ips?|hosts?|hostname|servers?|smtp|mta|systems?|domain|network|account|access|isp|provider|location|connections?|reputation|helo|address|dns|rdns|ptr|spf|configuration|settings|credentials)"
                            + "|your (?:message|e ?mail|mail) (?:was|has been|is|looks|seems|appears)|yours?elf|you(?:re| are) (?!trying|sending|attempting)|you (?:must|should|need|may not|cannot|do not|dont|have (?!tried|entered|specified|sent|addressed))",
                    "Microsoft, Yandex, Naver: Your IP address is blocked"),
            us("client", "clients?", "Postfix: Client host rejected"),
            us(
                    "ip-address",
                    "ips?|ip ?(?:address|range|block)(?:es|s)?|ipv ?[46]|ipbl\\w*|% (?:is|was|has|does|did|isnt|wasnt|hasnt|doesnt)",
                    "NetEase: IP is rejected"),
            us(
                    "mail-from-host",
                    "(?:e ?mails?|mails?|messages?|connections?|connects?|access|traffic|deliver\\w*|accept(?:ed|ing)?|hosts?|servers?|requests?|sent|send|sending|received|coming) (?:\\S+ ){0,3}?from"
                            + "|from (?:(?:the|this|that|an?|unknown|unregistered|untrusted|unauthori[sz]ed|host|hosts|server|servers|your|dynamic) ){0,8}(?:%|hosts?|servers?|networks?|systems?|domains?|you)",
                    "Mail.ru: Mail from host is not accepted"),
            us(
                    "sending-host",
                    "(?:sending|connecting|remote|originating|source|calling) (?:site|side|user|account|mail ?box|quota|limit|organi[sz]ation|ip|host|hosts|server|mta|system|domain|address|mail server|party|client|machine|network)",
                    "Cisco: the sending MTA's poor reputation"),
            us(
                    "connection",
                    "connect(?:ion|ions|ing|ed)?|(?:your|primary|other|this|via) mx|mx (?:says|records?)|mx for @|this (?:host|client|network|ip|address range) (?:is|has|was)|(?:host|server) %",
                    "NetEase: Connection denied"),
            us(
                    "blocklist",
                    "(?:black|block|deny|white|allow|safe) ?list\\w*|dns ?bls?|\\w*rbls?|rhsbls?|[dpxs]bl|shxbl|black ?holed?|spamhaus|spamcop|barracuda|sorbs|abusix|invaluement|uceprotect|senderscore|blocklistname|listed|on (?:one or more|our|a|the|an?y) (?:\\S+ ){0,2}lists?|delist\\w*|liste noire|sperrliste|lista negra|lista nera|черн\\p{L}* спис\\p{L}*",
                    "Sendmail, ZoneMTA, Comcast: listed at a DNS block list"),
            us(
                    "blocked",
                    "block(?:ed|ing|s)?|unblock\\w*|bann?(?:ed|ing)?|den(?:in)?ied|deny|denies|prohibit\\w*|forbidden|not (?:been )?(?:allowed|permitted|accepted by|welcome)|unauthori[sz]ed|un ?authenticated|not (?:yet )?authori[sz]ed|authori[sz]ation|permissions?|restrict\\w*|go away|refused (?:by|because|due)|rejected (?:by|because|due|for)|disallowed|may (?:not )?(?:relay|send|post|submit)",
                    "Exim: Administrative prohibition; Earthlink"),
            us(
                    "policy",
                    "polic(?:y|ies)|reputation|scor(?:e|es|ed|ing)|administrative\\w*|local (?:rule|reason)s?|security|filter\\w*|firewall",
                    "Yahoo, Yandex, Symantec: rejected for policy reasons"),
            us(
                    "spam",
                    "(?:anti ?)?spam\\w*|u[cb]e|dul|junk\\w*|abus(?:e|ive)|virus\\w*|bulk|unsolicited|complaints?|suspicio\\w*|suspected|phish\\w*|malicious|malware|bad commands|attacks?|harvest\\w*|dictionary|spammers?|trap|honeypot|pourriel|indesirables?",
                    "NetEase, QQ, T-Online: considered as spam"),
            us(
                    "rate",
                    "too (?:many|much|fast|quickly|often|frequent\\w*)|rates?|frequen\\w*|throttl\\w*|limited|limits?|limitation|slow(?:ing)? down|exceed\\w*|excessive (?:use|errors|number|volume|traffic)|volume|flood\\w*|concurren\\w*|hourly|daily|(?:last|per) (?:hour|day|minute|\\S+ (?:hours|minutes))|tar ?pit\\w*|teergrub\\w*|quota|max(?:imum)? (?:number|recipients|messages|errors)|trop de|zu viele|demasiad[oa]s|muit[oa]s|tropp[ie]|слишком много|zbyt (?:wiele|du[zż]o)",
                    "QQ: frequency limited; Mail.ru: too many invalid recipients"),
            us(
                    "host-name",
                    "reverse|ptr|r ?dns|dns|fcrdns|hostnames?|host name|helo|ehlo|fqdn|fully qualified|dynamic|dial ?up|residential|zombie\\w*|zombied|open relay|open proxy|proxy|country|countries|geo ?\\w*|does not resolve|not resolvable|mismatch\\w*",
                    "Mail.ru, GoDaddy, Postfix, Exim: no PTR, HELO"),
            us(
                    "authentication",
                    "spf|dkim|dmarc|arc|dane|auth|authenti\\w*|sasl|certificates?|(?:mail|smtp) relay|relay (?:user|account|client)s?|log ?in|password|credentials?|(?:pop|check for new mail) before|before sending|submission|start ?tls|tls|ssl|encrypt\\w*",
                    "RFC 4954, RFC 7208, RFC 7489; GoDaddy: per its SPF record"),
            us(
                    "content",
                    "protocol|violations?|quarantin\\w*|contents?|attachments?|images|syntax error|headers?|message (?:format|size|too)",
                    "Yahoo, AOL: header error, protocol violation"),
            us("greylisting", "gr[ea]y ?list\\w*|challenge", "RFC 6647"),
            us(
                    "about-us-fr",
                    "(?:votre|vos) (?:adresse )?(?:ip|serveurs?|domaine|fournisseur|configuration|compte|acces|situation|hote|reputation)|bloqu[eé]e?s?|service refus[eé]|acc[eè]s refus[eé]|refus[eé]e? par|connexions?|liste noire|non autoris[eé]e?s?|limite|h[oô]tes? d(?:e|u|es)",
                    "La Poste, Orange"),
            us(
                    "about-us-de",
                    "serveradresse|ihre?[rnms]? (?:ip\\p{L}*|server|domain|mailserver|host|netz\\p{L}*|e ?mail|nachricht|adresse|provider)|gesperrt|blockiert|abgewiesen|verweigert|abgelehnt wegen|richtlinien?|verdacht|unerw[uü]nscht|begrenzt",
                    "observed texts in German"),
            us(
                    "about-us-es-pt-it",
                    "(?:su|sua|seu|vuestr[oa]|il tuo|la tua|il vostro|vostr[oa]) (?:direccion |endereco |indirizzo )?(?:ip|servidor\\p{L}*|server|dominio|host|rede|red|conexion|conexao|provedor|mensaje|mensagem|conta|cuenta)|bloquead[oa]s?|bloccat[oa]|denegad[oa]|negad[oa]|rifiutat[oa]|recusad[oa]|rechazad[oa]|rejeitad[oa]|pol[ií]tica\\p{L}*|permitid[oa]|autorizad[oa]|reputacion|reputacao|reputazione|l[ií]mite",
                    "observed texts in Spanish, Portuguese and Italian"),
            us(
                    "about-us-nl-pl-tr",
                    "uw (?:ip|server|domein|netwerk|host)|geblokkeerd|geweigerd|twoj\\p{L}* (?:ip|adres|serwer\\p{L}*|domen\\p{L}*)|zablokowan\\p{L}*|odrzucon\\p{L}*|engellen\\p{L}*|sunucu|szerver",
                    "observed texts in Dutch, Polish, Turkish and Hungarian"),
            us(
                    "about-us-ru",
                    "ваш\\p{L}*|обратн\\p{L}*|заблокирован\\p{L}*|спам\\p{L}*|запрещен\\p{L}*|политик\\p{L}*|превышен\\p{L}*|лимит\\p{L}*|отказан\\p{L}*|ограничен\\p{L}*",
                    "observed texts in Russian"),
            us(
                    "about-us-other",
                    "blok(?:ir|eerit|eer|uot|ēt)\\p{L}*|\\p{L}*blok(?:uot|ēt|ir|eerit)\\p{L}*|odbij\\p{L}*|zabranj\\p{L}*|prepoved\\p{L}*|zavrnj\\p{L}*|odmietnut\\p{L}*|zak[aá]zan\\p{L}*|odm[ií]tnut\\p{L}*|блокиран\\p{L}*|отхвърлен\\p{L}*|забранен\\p{L}*|вашия|keelatud|tagasi l[uü]katud|atmest\\p{L}*|draud[zž]iam\\p{L}*|noraid\\p{L}*|aizlieg\\p{L}*"
                            + "|ditolak|diblokir|dilarang|anda|tu choi|b[iị] ch[aặ]n|c[uủ]a b[aạ]n|\\p{L}*חסו[םמ]\\p{L}*|נדח\\p{L}*|שלך|محظور\\p{L}*|مرفوض\\p{L}*|حظر\\p{L}*",
                    "observed texts in Croatian, Slovene, Slovak, Czech, Bulgarian, Estonian, Lithuanian, Latvian, Indonesian, Vietnamese, Hebrew and Arabic"),
            us("about-us-th", "ของคุณ|ถูกบล็อก|ปฏิเสธ|ถูกระงับ", "observed texts in Thai"),
            us(
                    "about-us-zh",
                    "您的|你的|域名|源地址|黑名单|黑名單|拒绝|拒絕|频率|頻率|垃圾|封禁|禁止|限制|过多|過多|太多|反向|连接|連線|屏蔽|信誉",
                    "observed texts in Chinese"),
            us(
                    "about-us-ja-ko",
                    "あなたの|ホスト名|拒否|制限|スパム|迷惑|接続|逆引き|多すぎ|ブロック|차단|스팸|제한|거부|연결",
                    "observed texts in Japanese and Korean"));

    /** Rows about the sender, which is the null sender. */
    static final List<ReplyRule> SENDER = List.of(
            sender("code-sender", "[45]\\.1\\.[78]", null, "RFC 3463 section 3.2: X.1.7, X.1.8"),
            sender(
                    "sender",
                    null,
                    "senders?\\w*|from (?:address|header|field)|mail(?:ed)? ?from|in (?:the )?mail command|responsible (?:address|domain)|purported\\w*|forg(?:ed|ery|eries)|spoof\\w*|fake\\w*|greeting address|imperson\\w*|batv|prvs|mfrom|correspondents?|strang\\w+|return ?path|returned mail|return(?:ing)?|repl(?:y|ies) address|reply to (?:address|field|header)|envelope(?! recipient)|originating|origins?|source (?:address|account|user)|originat(?:or|ors|ing)|authors?|posters?|submitters?|callers?|identity|(?:that|which|who) (?!you)(?:\\S+ ){0,3}?sen[dt]\\w*|nullsender|null (?:sender|reverse ?path|return)|(?:empty|blank) (?:sender|envelope|from|return)|reverse ?path|bounces?|bounced|dsns?|delivery status|non ?delivery|ndrs?|back ?scatter",
                    "QQ: Suspected bounce attacks; NetEase: NULL sender is not allowed"),
            sender(
                    "sender-other-languages",
                    null,
                    "exp[eé]diteurs?|einlieferer\\p{L}*|ruec?kadresse|ruckadresse|zp[aá]te[cč]n[ií]|zdrojov[aá]|zwrotn\\p{L}*|[zź]r[oó]d[lł]ow\\p{L}*|исходящ\\p{L}*|kaynak|correo de origen|versender\\p{L}*|adress\\p{L}* d (?:origine|expedition)|(?:adresse|direccion|endereco|indirizzo) (?:de |di )?(?:retour|provenance|origen|origem|retorno|ritorno|origine|provenienza)|[eé]metteurs?|absender\\p{L}*|remitentes?|remetentes?|mittent[ei]|afzenders?|nadawc\\p{L}*|odes[ií]latel\\p{L}*|felad[oó]\\p{L}*|k[uü]ld[oő]\\p{L}*|avs[aä]ndare\\p{L}*|afsender\\p{L}*|avsender\\p{L}*|l[aä]hett[aä]j\\p{L}*|expeditor\\p{L}*|отправител\\p{L}*|відправник\\p{L}*|g[oö]nder(?:en|ici)\\p{L}*|αποστολ\\p{L}*|po[sš]ilja(?:telj|lec|lc)\\p{L}*|odosielate[lľ]\\p{L}*|подател\\p{L}*|изпращач\\p{L}*|пошиљалац|saatja\\p{L}*|siunt[eė]j\\p{L}*|s[uū]t[iī]t[aā]j\\p{L}*|pengirim\\p{L}*|nguoi gui|ה?שולח\\p{L}*|ال?مرسل\\p{L}*",
                    "La Poste, Orange: Emetteur invalide; and others"),
            sender(
                    "sender-cjk",
                    null,
                    "ผู้ส่ง|来信|來信|返回|回复|回覆|原始地址|返信|配信元|リターンパス|from ?(?:アドレス|メール)|회신|发件|發件|寄件|寄送|发信|發信|发送|發送|退信|来源|來源|客户端|客戶端|送信者|差出人|送信元|接続元|発信|クライアント|발신|보낸|보내는|송신|클라이언트",
                    "observed texts in Chinese, Japanese and Korean"));

    private AboutUsRules() {}

    private static ReplyRule us(String id, String words, String source) {
        return us(id, null, words, source);
    }

    private static ReplyRule us(String id, @Nullable String enhanced, @Nullable String words, String source) {
        return row(id, enhanced, words, POLICY_REFUSED, source);
    }

    private static ReplyRule sender(String id, @Nullable String enhanced, @Nullable String words, String source) {
        return row(id, enhanced, words, NULL_SENDER_REFUSED, source);
    }

    private static ReplyRule row(
            String id, @Nullable String enhanced, @Nullable String words, CalloutReason reason, String source) {
        return ReplyRule.of(id, ANY, "[45]..", enhanced, words, DECIDES, reason, source);
    }
}

package org.senderauth.callout.outcome;

import static org.senderauth.callout.outcome.CalloutReason.DISABLED;
import static org.senderauth.callout.outcome.CalloutReason.MAILBOX_BUSY;
import static org.senderauth.callout.outcome.CalloutReason.MAILBOX_FULL;
import static org.senderauth.callout.outcome.CalloutReason.MOVED;
import static org.senderauth.callout.outcome.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.outcome.ReplyRule.Weight.DECIDES;
import static org.senderauth.callout.outcome.ReplyRule.Weight.UNLESS_ABOUT_US;
import static org.senderauth.callout.outcome.ReplyRule.rcpt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows for replies to RCPT that speak of the mailbox: in English first, since most do, then the other languages that
 * occur. Words are in the form of {@link ReplyText}: no apostrophes, a space for a hyphen.
 */
final class MailboxRules {

    // After one of these words an adjective no longer speaks of the mailbox: "user rejected, reason unknown".
    private static final String GAP_WORD =
            " (?!(?:\\.|%|reasons?|causes?|err?ors?|servers?|hosts?|data ?bases?|signatures?|certificates?"
                    + "|format|status|key|verification|look ?up|access|services?|sessions?|provider|password|serveurs?|l?h[oô]tes?|servidor\\p{L}*"
                    + "|szerver|serwer\\p{L}*|serveru|hostitele|сервер\\p{L}*|хост\\p{L}*|sunucu\\p{L}*)(?!\\S))\\S+";

    /** Up to five words of the same sentence; captured, since they may be about us. */
    static final String SOME = "((?:" + GAP_WORD + "){0,5}?)";

    private static final String FEW = "((?:" + GAP_WORD + "){0,2}?)";

    // "unknown error", "invalid request": the adjective belongs to another noun than the mailbox.
    private static final String OF_THE_MAILBOX =
            "(?! (?:access|agent|attributes?|certificates?|characters?|charset|codes?|commands?|credentials|data|encoding|err?ors?"
                    + "|exceptions?|failures?|hosts?|input|keys?|logged|messages?|methods?|options?|or password|parameters?|problems?|reasons?|requests?"
                    + "|responses?|servers?|signatures?|sources?|state|status|tokens?|causes?)(?!\\S))";

    /** Permanent, but not for syntax (RFC 5321 section 4.2.3: 50z) or a missing login (RFC 4954 section 6: 53z). */
    static final String REJECTED = "5(?!0[0234]|3)..";

    /** What a mailbox is called. */
    static final String BOX =
            "(?:mail ?box|inbox|user(?! agent| or password| host) ?(?:name|id)?|account|recipient(?: (?:e ?mail )?address)?|rcpt"
                    + "|addressee|customer|subscriber|member|person|alias|local ?part|destination(?: address| mail ?box)?"
                    + "|mail ?user|e ?mail (?:address|account|id)|mail (?:address|account))s?";

    private static final String IS_NOT =
            "(?:(?:does|do|did|could|can|is|was|were|has|have) ?(?:not|nt)|not|no longer|doesnt|dosnt|dosent|isnt|wasnt)";

    private static final String HERE =
            "(?: (?:in|on|at|to|by|within) (?:our |this |the |that )?(?:local |e ?mail |mail )?(?:systems?|servers?|sites?|hosts?|domains?|networks?|data ?bases?|director(?:y|ies)|records?|ldap))?";

    private static final String UNKNOWN =
            "(?:(?:is |are |was )?(?:un ?known|un ?knonw|invalid|non ?exist[ae]nt|inexist[ae]nt|undefined"
                    + "|unrecogni[sz]ed|unroute?able|deleted|removed)"
                    + "|" + IS_NOT + "(?: be| been| currently| yet| a| an| any| here| longer)*"
                    + " (?:known|found|exist(?:s|ing|ent)?|located|recogni[sz]ed|registered|defined|local|listed|present|valid|here"
                    + "|available here|resolved|hosted|in (?:our|the|this)|on (?:this|our)|our|with us))" + HERE;

    /** What a mailbox is called before or after {@link #UNKNOWN}; these rows also veto "full". */
    private static final List<ReplyRule> ENGLISH = List.of(
            unknown(
                    "user-unknown",
                    BOX + SOME + " " + UNKNOWN + OF_THE_MAILBOX,
                    "Postfix: User unknown in local recipient table; Sendmail, Exim, Google"),
            unknown(
                    "no-such-user",
                    "(?:no such|un ?known|invalid|non ?exist[ae]nt|inexist[ae]nt|undefined|unrecogni[sz]ed|bad|wrong|incorrect|illegal"
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
                    "no(?: ?body| one| mail ?box| user| account)?(?: here)? (?:by|with|of|under|for) (?:that|this|the|such) (?:name|address|id)",
                    "qmail: no mailbox here by that name"),
            unknown(
                    "nobody-here",
                    "no such (?:person|address|local|name|alias|customer|e ?mail)|no ?body here|no ?(?:one|body) at this address|not an? (?:active|local|valid) (?:e ?mail )?address|recipient not ok|missing home directory",
                    "vpopmail"),
            unknown(
                    "has-no-account",
                    "(?:doesnt|does not|dont|do not) have an?" + SOME + " (?:account|mail ?box|inbox)",
                    "Yahoo: This user doesn't have a yahoo.com account"),
            unknown(
                    "address-does-not-exist",
                    "(?:e ?mail(?!(?: \\S+){0,2}? domain)|address|@(?!(?: \\S+){0,2}? domain))" + SOME + " " + IS_NOT
                            + "(?: currently| longer)? (?:exists?|accepts? (?:e ?)?mails?|handled|valid|found|known|be found|a valid (?:e ?mail )?address|in use)"
                            + OF_THE_MAILBOX,
                    "Haraka; Yahoo: is no longer valid"),
            unknown(
                    "address-unknown",
                    "(?:rcpt(?: to)? )?@ (?:is |was )?(?:unknown|not found|invalid|nonexistent|not known)|unknown @",
                    "au one: User unknown; NTT docomo: Unknown user"),
            unknown("unrouteable-address", "unroute?able (?:mail )?address", "Exim: Unrouteable address"),
            unknown(
                    "nouser-token",
                    "nouser|nosuchuser|usernotfound|unknownuser|recip(?:ient)?notfound|mailboxnotfound|invalidrecipient|rcp nouser|cuda nsu",
                    "Hanmail: RCP_NOUSER; Exchange: RESOLVER.ADR.RecipientNotFound"),
            unknown(
                    "cyrus-mailbox-unknown",
                    "mail ?box unknown \\. either there is no mail ?box associated with this name or you do not have authori[sz]ation to see it",
                    "Cyrus IMAP: Mailbox unknown"),
            unknown("cannot-deliver-for", "(?:i )?cannot deliver mail for @", "Haraka: I cannot deliver mail for"),
            unknown("may-not-exist", "recipient may contain a non ?existent account", "QQ"));

    private static final List<ReplyRule> OTHER_LANGUAGES = List.of(
            unknown(
                    "unknown-fr",
                    "(?:destinataires?|utilisateur|bo[iî]te(?: aux lettres| mail)?|compte|bal|adresse(?: e ?mail| mail)?)"
                            + SOME
                            + " (?:inconnue?s?|inexistante?s?|invalides?|introuvables?|nexiste(?:nt)? (?:pas|plus)|existe (?:pas|plus)|non trouvee?|supprimee?)"
                            + "|(?:utilisateur|destinataire) non (?:valide|reconnu)|aucun (?:utilisateur|destinataire|compte)",
                    "La Poste: Adresse destinataire invalide; Orange"),
            unknown(
                    "unknown-de",
                    "(?:empf(?:ä|ae)nger\\p{L}*|benutzer\\p{L}*|nutzer|postfach|konto|e ?mail ?adresse|mailbox|adressat|teilnehmer|adresse)"
                            + SOME
                            + " (?:unbekannt|ung(?:ü|ue)ltig|existiert nicht(?: mehr)?|nicht (?:gefunden|vorhanden|bekannt|existent|mehr (?:vorhanden|g(?:ü|ue)ltig))|gibt es nicht|gel(?:ö|oe)scht)"
                            + "|unbekannte[rn]? (?:empf(?:ä|ae)nger|benutzer|nutzer|adresse|adressat)|kein(?:en)? (?:solche[rn]? )?(?:benutzer|empf(?:ä|ae)nger|postfach|konto)|ung(?:ü|ue)ltige[rn]? empf(?:ä|ae)nger\\p{L}*",
                    "observed texts in German"),
            unknown(
                    "unknown-es-pt-it",
                    "(?:usuario|usu[aá]rio|utilizador|utente|utenza|destinatari[oa]|buz[oó]n|casilla|casella|cuenta|conta|caixa(?: postal| de correio| de entrada)?|direcci[oó]n|endere[cç]o|indirizzo|e ?mail)"
                            + SOME
                            + " (?:desconocid[oa]|desconhecid[oa]|sconosciut[oa]|inexistente|inesistente|invalid[oa]|non valid[oa]|no (?:es |e )?valid[oa]|nao (?:e )?valid[oa]|nao existe|no existe|non esiste|non esistente|nao existente"
                            + "|no (?:fue |ha sido )?encontrad[oa]|nao (?:foi )?encontrad[oa]|non trovat[oa]|nao cadastrad[oa])"
                            + "|(?:no|nao|non) (?:existe|esiste)(?: (?:el|la|o|a|un|este|esta|ese|esa|dich[oa]|tal))? ?(?:persona|usuario|utilizador|utente|buzon|cuenta|conta|destinatario|direccion|endereco|casella|caixa)"
                            + "|(?:destinatario|usuario) (?:nao|no) (?:encontrado|existe)|utente inesistente",
                    "observed texts in Spanish, Portuguese and Italian"),
            unknown(
                    "unknown-nl-sv-da-no-fi",
                    "(?:gebruiker|ontvanger|postbus|adres|mailbox)" + SOME
                            + " (?:onbekend|bestaat niet|niet gevonden|ongeldig)|onbekende (?:gebruiker|ontvanger)"
                            + "|ok[aä]nd (?:mottagare|anv[aä]ndare)|(?:mottagaren?|anv[aä]ndaren?|adressen)" + SOME
                            + " (?:ok[aä]nd|finns (?:inte|ej)|hittades inte)"
                            + "|uk(?:endt|jent) (?:modtager|mottaker|bruger|bruker)|(?:modtageren?|mottakeren?|brugeren?|brukeren?|adressen)"
                            + SOME + " (?:findes ikke|finnes ikke|ukendt|ukjent)"
                            + "|tuntematon (?:vastaanottaja|k[aä]ytt[aä]j[aä])|(?:vastaanottajaa|k[aä]ytt[aä]j[aä][aä]|osoitetta) ei (?:ole|l[oö]ydy)",
                    "observed texts in Dutch, Swedish, Danish, Norwegian and Finnish"),
            unknown(
                    "unknown-pl-cs-hu-ro",
                    "(?:u[zż]ytkownik\\p{L}*|odbiorc\\p{L}*|adresat\\p{L}*|adres|konto|skrzynk\\p{L}*|uzivatel\\p{L}*|schr[aá]nk\\p{L}*|adresa|[uú]et)"
                            + SOME
                            + " (?:nieznan\\p{L}*|nie istnieje|nie znalezion\\p{L}*|neexistuje|nezn[aá]m\\p{L}*|nenalezen\\p{L}*)"
                            + "|nieznany (?:u[zż]ytkownik|odbiorca|adresat)|(?:brak|nie ma) (?:takiego|takiej) (?:u[zż]ytkownika|konta|adresu|adresata|odbiorcy|skrzynki)|nezn[aá]my (?:uzivatel|pr[ií]jemce|adresat)"
                            + "|ismeretlen (?:c[ií]mzett|felhaszn[aá]l[oó]|c[ií]m)|nincs ilyen (?:felhaszn[aá]l[oó]|c[ií]m|postafi[oó]k)|(?:felhaszn[aá]l[oó]|c[ií]mzett|postafi[oó]k) (?:nem l[eé]tezik|ismeretlen|nem tal[aá]lhat[oó])"
                            + "|utilizator(?:ul)? (?:necunoscut|inexistent|nu exist[aă])|destinatar(?:ul)? (?:necunoscut|inexistent|nu exist[aă])",
                    "observed texts in Polish, Czech, Hungarian and Romanian"),
            unknown(
                    "unknown-ru-uk",
                    "(?:пользовател\\p{L}*|получател\\p{L}*|адресат\\p{L}*|адрес\\p{L}*|(?:почтов\\p{L}* )?ящик\\p{L}*|аккаунт\\p{L}*|учетн\\p{L}* запис\\p{L}*|користувач\\p{L}*|одержувач\\p{L}*|скриньк\\p{L}*)"
                            + SOME
                            + " (?:не (?:найден\\p{L}*|существу\\p{L}*|известен|зарегистрирован\\p{L}*|знайден\\p{L}*|існу\\p{L}*)|неизвест\\p{L}*|невідом\\p{L}*|нет|удален\\p{L}*)"
                            + "|(?:нет|нема[еє]?) так\\p{L}* (?:пользовател\\p{L}*|адрес\\p{L}*|ящик\\p{L}*|получател\\p{L}*|користувач\\p{L}*)|неизвестн\\p{L}* (?:пользовател\\p{L}*|получател\\p{L}*|адресат\\p{L}*)",
                    "observed texts in Russian and Ukrainian"),
            unknown(
                    "unknown-tr-el",
                    "(?:kullan[ıi]c[ıi]|al[ıi]c[ıi]|posta kutusu|hesap|adres)" + SOME
                            + " (?:bulunamad[ıi]|bilinmiyor|bilinmeyen|yok|mevcut de[gğ]il|ge[cç]ersiz)|(?:b[oö]yle bir|bilinmeyen|ge[cç]ersiz) (?:kullan[ıi]c[ıi]|al[ıi]c[ıi]|hesap|adres)"
                            + "|(?:αγνωστος|άγνωστος) (?:χρηστης|χρήστης|παραληπτης|παραλήπτης)|(?:χρηστης|χρήστης|παραληπτης|παραλήπτης) δεν (?:υπαρχει|υπάρχει|βρεθηκε|βρέθηκε)",
                    "observed texts in Turkish and Greek"),
            unknown(
                    "unknown-zh",
                    "(?:用户|用戶|邮箱|郵箱|信箱|收件人|收件者|帐号|账号|帳號|帐户|账户|帳戶|使用者|收信人|地址|郵件地址|邮件地址|邮件帐户)([^.]{0,12}?)(?:不存在|未找到|找不到|不正确|无效|無效|未知|没有找到|未注册|不可用)"
                            + "|(?:无此|無此|没有该|没有此|沒有此|查无此|查無此|不存在的|无效的|無效的|找不到|未知的?)(?:用户|用戶|邮箱|郵箱|信箱|收件人|收件者|帐号|账号|帳號|使用者|人|地址)",
                    "observed texts in Chinese"),
            unknown(
                    "unknown-ja-ko",
                    "(?:宛先|受信者|ユーザー?|メールボックス|メールアドレス|アドレス|アカウント)([^.]{0,16}?)(?:存在しません|存在しない|見つかりません|不明|無効|ありません)"
                            + "|(?:사용자|수신자|받는 사람|계정|메일함|메일 ?주소|편지함)([^.]{0,16}?)(?:존재하지|찾을 수 없|없는|없습니다|알 수 없)|(?:존재하지 않는|없는|알 수 없는) ?(?:사용자|수신자|계정|메일|주소)",
                    "observed texts in Japanese and Korean"));

    private static final String ENDED =
            "(?:disabled|dis ?activated|suspend(?:ed)?|deactivated|de ?activated|inactive|inactivated|locked|frozen|closed|expired|terminated"
                    + "|archived|discontinued|cancell?ed|abandoned|unused|not (?:currently )?active|no longer (?:active|in use|monitored|available|valid)|on hold|not enabled|not accepting(?: any)? (?:mail|messages|e ?mail))";

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
                    "La Poste: The recipient account is blocked"),
            ended(
                    "disabled-romance",
                    "(?:compte|bo[iî]te|cuenta|buz[oó]n|casella|conta|caixa|usuario|usu[aá]rio|utente|utenza|account|mailbox)"
                            + SOME
                            + " (?:bloqu[eé]e?|suspendue?|d[eé]sactiv[eé]e?|ferm[eé]e?|archiv[eé]e?|r[eé]sili[eé]e?|deshabilitad[oa]|suspendid[oa]|bloquead[oa]|cancelad[oa]|inactiv[oa]|desactivad[oa]|desativad[oa]|suspens[oa]|inativ[oa]|encerrad[oa]|disabilitat[oa]|sospes[oa]|bloccat[oa]|disattivat[oa]|scadut[oa])",
                    "La Poste: Boite du destinataire archivee"),
            ended(
                    "disabled-other",
                    "(?:postfach|konto|benutzer\\p{L}*|skrzynka|konto|schranka|ящик|аккаунт|пользователь|учетная запись|postbus|brevl[aå]dan)"
                            + SOME
                            + " (?:gesperrt|deaktiviert|geschlossen|stillgelegt|inaktiv|zablokowan\\p{L}+|nieaktywn\\p{L}+|wy[lł][aą]czon\\p{L}+|zawieszon\\p{L}+|заблокирован\\p{L}*|отключен\\p{L}*|закрыт\\p{L}*|неактив\\p{L}*|geblokkeerd|avst[aä]ngd)",
                    "observed texts in German, Polish, Russian and others"),
            ended(
                    "disabled-cjk",
                    "(?:用户|用戶|邮箱|郵箱|信箱|帐号|账号|帳號|帐户|账户)([^.]{0,8}?)(?:停用|禁用|冻结|凍結|关闭|關閉|暂停|锁定|注销)",
                    "observed texts in Chinese"));

    private static final List<ReplyRule> FULL = List.of(
            full(
                    "mailbox-full",
                    "(?:mail ?(?:box|folder|dir)|inbox|box|account|user|recipient|postbox|@)(?!(?: \\S+){0,4} (?:unknown|invalid))"
                            + SOME
                            + " (?:full|over ?(?:flow(?:ed|n)?|filled|quota)|exceed\\w*(?: (?:its|the|his|their|local|storage|disk|size|mail|mailbox|space|quota|limit|allocation|allowed)){0,4}|out of (?:storage )?space|too large)|full (?:mail ?box|inbox)",
                    "RFC 3463 section 3.3, X.2.2; cPanel, Zoho"),
            full(
                    "over-quota",
                    "(?:over|exceed\\w*|out of|above|beyond|reached)(?: (?:the|its|his|their|disk|mail|mailbox|storage|allowed|max|maximum)){0,3} (?:quota|storage(?: space| limit| allocation)?)(?: limit)?|(?:disk|mail ?box|storage|mail|user|account)? ?quota"
                            + FEW + " (?:exceed\\w*|full|reached|violation|overflow)",
                    "Google, Zoho; RFC 5321 section 4.2.3: exceeded storage allocation"),
            full(
                    "mailbox-size-limit",
                    "mail ?box (?:size|storage)(?: limit)?(?: has been| is)? exceed\\w*|(?:mail ?box is full )?(?:(?:blocks?|inodes?) limit exceeded ?)+|exceeded storage allocation|(?:mail ?box|user|account) size limit",
                    "T-Online, Yandex, cPanel"),
            full(
                    "no-space-for-user",
                    "(?:not|no|doesnt|does not|insufficient)(?: have)?(?: enough)? (?:disk |storage |disc )?(?:space|storage|quota)(?: left)? (?:in|for|of) (?:the |this )?(?:mail ?box|user|account|recipient|@)|@ does not have enough (?:\\S+ )?space|users? (?:disk )?space has been used up",
                    "observed: not enough space for the mailbox"),
            full(
                    "too-many-messages-in-mailbox",
                    "(?:user|mail ?box|recipient|account)" + FEW
                            + " too many (?:messages|mails|e ?mails)(?: on the server| in)?|too many messages (?:on the server|in the mail ?box)",
                    "GMX: User has too many messages on the server"),
            full(
                    "full-romance",
                    "(?:bo[iî]te|messagerie|buz[oó]n|casilla|casella|caixa|cuenta|conta|compte|mailbox)" + SOME
                            + " (?:pleine?|satur[eé]e?|llen[oa]|pien[oa]|chei[oa]|lotad[oa]|esgotad[oa]|exced\\p{L}*|d[eé]pass\\p{L}*)|quota"
                            + FEW
                            + " (?:d[eé]pass[eé]e?|excedid[oa]|superat[oa]|ultrapassad[oa]|atteint)|(?:excedid[oa]|superat[oa]) (?:la |il |a )?(?:cuota|quota|cota)",
                    "La Poste: Boite du destinataire pleine"),
            full(
                    "full-other",
                    "(?:postfach|mailbox|speicher\\p{L}*)" + SOME
                            + " (?:voll|(?:ü|ue)berf(?:ü|ue)llt|(?:ü|ue)berschritten|ersch(?:ö|oe)pft)|zuviele mails|(?:skrzynka|schr[aá]nka)"
                            + SOME + " (?:pe[lł]na|przepe[lł]nion[ay]|pln[aá])|postafi[oó]k megtelt|(?:ящик|скринька)"
                            + SOME + " переп[оі][лв]\\p{L}*|postbus" + SOME
                            + " vol|posta kutusu dolu|kota (?:a[sş][ıi]m\\p{L}*|dolu)|brevl[aå]dan (?:[aä]r )?full",
                    "observed texts in German, Polish, Czech, Hungarian, Russian, Dutch, Turkish and Swedish"),
            full(
                    "full-cjk",
                    "(?:邮箱|郵箱|信箱|空间|空間|容量|配额|配額|メールボックス|容量|편지함|메일함|용량)([^.]{0,10}?)(?:已满|已滿|满了|不足|超过|超出|超過|一杯|いっぱい|초과|가득)",
                    "observed texts in Chinese, Japanese and Korean"));

    private MailboxRules() {}

    /** The mailbox exists: it is full, or too much mail comes for it. */
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
        rules.add(full(
                "code-mailbox-full",
                "[45]..",
                "[45]\\.2\\.2",
                "^|\\b(?:quota|limits?|exceed\\w*|larger than)\\b",
                "RFC 3463 section 3.3, X.2.2"));
        return rules;
    }

    /** The mailbox does not exist, has moved, or is disabled. */
    static List<ReplyRule> missing() {
        List<ReplyRule> rules = new ArrayList<>();
        rules.add(
                rcpt("code-moved", REJECTED, "5\\.1\\.6", null, UNLESS_ABOUT_US, MOVED, "RFC 3463 section 3.2: X.1.6"));
        rules.add(rcpt(
                "moved",
                REJECTED,
                null,
                "user not local . please try|user not local please try|(?:user|recipient|mail ?box|account|address|@)"
                        + FEW + " (?:has moved|moved to)",
                UNLESS_ABOUT_US,
                MOVED,
                "RFC 5321 section 3.4: 551 User not local; please try"));
        rules.addAll(ENDED_MAILBOXES);
        rules.addAll(ENGLISH);
        rules.addAll(OTHER_LANGUAGES);
        return rules;
    }

    private static ReplyRule unknown(String id, String words, String source) {
        return rcpt(id, REJECTED, null, words, UNLESS_ABOUT_US, NO_SUCH_MAILBOX, source);
    }

    private static ReplyRule ended(String id, String words, String source) {
        return rcpt(id, REJECTED, null, words, UNLESS_ABOUT_US, DISABLED, source);
    }

    private static ReplyRule full(String id, String words, String source) {
        return full(id, "[45]..", null, words, source);
    }

    private static ReplyRule full(
            String id, String replyCodes, @Nullable String enhanced, @Nullable String words, String source) {
        return rcpt(id, replyCodes, enhanced, words, UNLESS_ABOUT_US, MAILBOX_FULL, source);
    }
}

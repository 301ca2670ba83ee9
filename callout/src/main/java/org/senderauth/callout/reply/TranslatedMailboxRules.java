package org.senderauth.callout.reply;

import static org.senderauth.callout.reply.MailboxRules.FEW;
import static org.senderauth.callout.reply.MailboxRules.SOME;
import static org.senderauth.callout.reply.MailboxRules.ended;
import static org.senderauth.callout.reply.MailboxRules.full;
import static org.senderauth.callout.reply.MailboxRules.unknown;

import java.util.List;

/** The rows of {@link MailboxRules} in other languages than English. Accents in the words do not matter. */
final class TranslatedMailboxRules {

    /** The mailbox does not exist. */
    static final List<ReplyRule> UNKNOWN = List.of(
            unknown(
                    "unknown-fr",
                    "(?:destinataires?|utilisateur|bo[iî]te(?: aux lettres| mail)?|compte|bal|adresse(?: e ?mail| mail)?)"
                            + SOME
                            + " (?:inconnue?s?|inexistante?s?|invalides?|introuvables?|nexiste(?:nt)? (?:pas|plus)|existe (?:pas|plus)|non trouvee?|supprimee?)"
                            + "|(?:utilisateur|destinataire) non (?:valide|reconnu)|aucune? (?:utilisateur|destinataire|compte|boite)|pas d(?:e)? (?:utilisateur|boite)[^.]{0,20} a ce nom",
                    "La Poste: Adresse destinataire invalide; Orange"),
            unknown(
                    "unknown-de",
                    "(?:(?:empf(?:ä|ae)nger|benutzer|nutzer)(?:s|n|in|name[ns]?|kontos?|postfach|adressen?|e ?mail|kennung|account)?|postfach|konto|e ?mail ?adresse|mailbox|adressat|teilnehmer|adresse)"
                            + SOME
                            + " (?:unbekannt|ung(?:ü|ue)ltig|existiert nicht(?: mehr)?|nicht (?:gefunden|vorhanden|bekannt|existent|mehr (?:vorhanden|g(?:ü|ue)ltig))|gibt es nicht|gel(?:ö|oe)scht)"
                            + "|unbekannte[rn]? (?:empf(?:ä|ae)nger|benutzer|nutzer|adresse|adressat)|diese[rns]? (?:benutzer|empf(?:ä|ae)nger|adresse|postfach|konto) gibt es(?: \\S+)? nicht|kein(?:en)? (?:solche[rn]? )?(?:benutzer|empf(?:ä|ae)nger|postfach|konto)|ung(?:ü|ue)ltige[rn]? empf(?:ä|ae)nger\\p{L}*",
                    "observed texts in German"),
            unknown(
                    "unknown-es-pt-it",
                    "(?:usuario|usu[aá]rio|utilizador|utente|utenza|destinatari[oa]|destin|buz[oó]n|casilla|casella|cuenta|conta|caixa(?: postal| de correio| de entrada)?|direcci[oó]n|endere[cç]o|indirizzo|e ?mail)"
                            + SOME
                            + " (?:desconocid[oa]|desconhecid[oa]|sconosciut[oa]|inexistente|inesistente|invalid[oa]|non valid[oa]|no (?:es |e )?valid[oa]|nao (?:e )?valid[oa]|errat[oa]|nao existe|no existe|non esiste|non esistente|nao existente"
                            + "|no (?:fue |ha sido )?encontrad[oa]|nao (?:foi )?encontrad[oa]|non trovat[oa]|nao cadastrad[oa])"
                            + "|(?:no|nao|non) (?:existe|esiste)(?: (?:ningun|el|la|o|a|un|este|esta|ese|esa|dich[oa]|tal))? ?(?:persona|usuario|utilizador|utente|buzon|cuenta|conta|destinatario|direccion|endereco|casella|caixa)"
                            + "|(?:destinatario|usuario) (?:nao|no) (?:encontrado|existe)|no hay ningun (?:usuario|buzon)|nenhum usuario com|nessun utente (?:con|trovato)|utente inesistente|destin \\. sconosciut[oa]",
                    "observed texts in Spanish, Portuguese and Italian"),
            unknown(
                    "unknown-nl-sv-da-no-fi",
                    "(?:gebruiker|ontvanger|postbus|(?:e ?mail ?)?adres|mailbox)" + SOME
                            + " (?:onbekend|bestaat niet|niet gevonden|ongeldig)|onbekende (?:gebruiker|ontvanger)|geen gebruiker met"
                            + "|ok[aä]nd (?:mottagare|anv[aä]ndare)|(?:mottagaren?|anv[aä]ndaren?|adressen)" + SOME
                            + " (?:ok[aä]nd|finns (?:inte|ej)|hittades inte)"
                            + "|uk(?:endt|jent) (?:modtager|mottaker|bruger|bruker)|(?:modtageren?|mottakeren?|brugeren?|brukeren?|adressen)"
                            + SOME + " (?:findes ikke|finnes ikke|ukendt|ukjent)"
                            + "|tuntematon (?:vastaanottaja|k[aä]ytt[aä]j[aä])|(?:vastaanottajaa|k[aä]ytt[aä]j[aä][aä]|osoitetta) ei (?:ole|l[oö]ydy)",
                    "observed texts in Dutch, Swedish, Danish, Norwegian and Finnish"),
            unknown(
                    "unknown-pl-cs-hu-ro",
                    "(?:u[zż]ytkownik\\p{L}*|odbiorc\\p{L}*|adresat\\p{L}*|adres|konto|skrzynk\\p{L}*|(?:u|pou)[zž][ií]vate[lľ]\\p{L}*|schr[aá]nk\\p{L}*|adresa|[uú]et)"
                            + SOME
                            + " (?:nieznan\\p{L}*|nie istnieje|nie znalezion\\p{L}*|neexistuje|nezn[aá]m\\p{L}*|nenalezen\\p{L}*)"
                            + "|nieznany (?:u[zż]ytkownik|odbiorca|adresat)|(?:brak|nie ma)(?: takiego| takiej)? (?:u[zż]ytkownika|konta|adresu|adresata|odbiorcy|skrzynki)|ne(?:zn[aá]m[yý]|existuj[ií]c[ií]) (?:(?:u|pou)[zž][ií]?vate[lľ]|pr[ií]jemc\\p{L}*|adres[aá]t)"
                            + "|nieprawid[lł]ow\\p{L}* (?:odbiorca|adres odbiorcy)|[zž][aá]dn[yý] takov[yý] u[zž]ivatel|ismeretlen (?:c[ií]mzett|felhaszn[aá]l[oó]|c[ií]m)|nincs ilyen (?:felhaszn[aá]l[oó]|c[ií]m|postafi[oó]k)|(?:felhaszn[aá]l[oó]|c[ií]mzett|postafi[oó]k) (?:nem l[eé]tezik|ismeretlen|nem tal[aá]lhat[oó])"
                            + "|utilizator(?:ul)? (?:necunoscut|inexistent|nu exist[aă])|destinatar(?:ul)? (?:necunoscut|inexistent|nu exist[aă])",
                    "observed texts in Polish, Czech, Hungarian and Romanian"),
            unknown(
                    "unknown-ru-uk",
                    "(?:пользовател\\p{L}*|получател\\p{L}*|адресат\\p{L}*|адрес\\p{L}*|(?:почтов\\p{L}* )?ящик\\p{L}*|аккаунт\\p{L}*|учетн\\p{L}* запис\\p{L}*|користувач\\p{L}*|одержувач\\p{L}*|скриньк\\p{L}*)"
                            + SOME
                            + " (?:не (?:найден\\p{L}*|существу\\p{L}*|известен|зарегистрирован\\p{L}*|знайден\\p{L}*|існу\\p{L}*)|неизвест\\p{L}*|невідом\\p{L}*|нет|удален\\p{L}*)"
                            + "|(?:нет|нема[еє]?) так\\p{L}* (?:пользовател\\p{L}*|адрес\\p{L}*|ящик\\p{L}*|получател\\p{L}*|користувач\\p{L}*)|(?:несуществующ|неизвестн|невідом)\\p{L}* (?:адрес|ящик|користувач\\p{L}*|одержувач\\p{L}*|пользовател\\p{L}*|получател\\p{L}*|адресат\\p{L}*)",
                    "observed texts in Russian and Ukrainian"),
            unknown(
                    "unknown-tr-el",
                    "(?:kullan[ıi]c[ıi]|al[ıi]c[ıi]|posta kutusu|hesap|adres)" + SOME
                            + " (?:bulunamad[ıi]|bilinmiyor|bilinmeyen|yok|mevcut de[gğ]il|ge[cç]ersiz)|(?:b[oö]yle bir|bilinmeyen|ge[cç]ersiz) (?:kullan[ıi]c[ıi]|al[ıi]c[ıi]|hesap|adres)"
                            + "|(?:αγνωστος|άγνωστος) (?:χρηστης|χρήστης|παραληπτης|παραλήπτης)|(?:χρηστης|χρήστης|παραληπτης|παραλήπτης) δεν (?:υπαρχει|υπάρχει|βρεθηκε|βρέθηκε)",
                    "observed texts in Turkish and Greek"),
            unknown(
                    "unknown-hr-sl-bg",
                    "(?:korisnik|primatelj|primalac|sandu[cč]i[cć]|uporabnik|prejemnik|predal)" + SOME
                            + " (?:ne postoji|ne obstaja|nije prona[dđ]en\\p{L}*|nepoznat\\p{L}*|neznan\\p{L}*|ni najden\\p{L}*)|(?:nepoznat|nepostoje[cć]i|neznan) (?:korisnik|primatelj|primalac|uporabnik|prejemnik)"
                            + "|няма такъв (?:потребител|получател|адрес|акаунт)|(?:потребител|получател|адресат)\\p{L}*"
                            + SOME
                            + " (?:не съществува|не е намерен|непознат|неизвестен)|(?:непознат|неизвестен) (?:потребител|получател)",
                    "observed texts in Croatian, Serbian, Slovene and Bulgarian"),
            unknown(
                    "unknown-et-lt-lv",
                    "tundmatu (?:kasutaja|saaja|adressaat)|(?:kasutajat|postkasti|saajat) ei (?:ole|leitud)|ne[zž]inomas (?:vartotojas|gav[eė]jas|adresatas)|(?:vartotojas|gav[eė]jas) (?:nerastas|neegzistuoja|ne[zž]inomas)"
                            + "|nezin[aā]ms (?:lietot[aā]js|sa[nņ][eē]m[eē]js|adres[aā]ts)|(?:lietot[aā]js|sa[nņ][eē]m[eē]js) (?:neeksist[eē]|nav atrasts)",
                    "observed texts in Estonian, Lithuanian and Latvian"),
            unknown(
                    "unknown-he-ar",
                    "ה?(?:משתמש|נמען|תיבה|תיבת דואר|כתובת)" + SOME
                            + " (?:לא (?:קיים|קיימת|נמצא|נמצאה|ידוע|מוכר)|אינו קיים|אינה קיימת)|(?:ال)?(?:مستخدم|مستلم|حساب|صندوق|بريد)"
                            + SOME + " (?:غير (?:موجود|معروف)|لا يوجد)",
                    "observed texts in Hebrew and Arabic"),
            unknown(
                    "unknown-vi-id",
                    "(?:ng[uư][oờ]i d[uù]ng|ng[uư][oờ]i nh[aậ]n|h[oộ]p th[uư]|t[aà]i kho[aả]n|[dđ][iị]a ch[iỉ](?: e ?mail)?) (?:n[aà]y )?(?:kh[oô]ng (?:t[oồ]n t[aạ]i|t[iì]m th[aấ]y|h[oợ]p l[eệ]))"
                            + "|(?:pengguna|penerima|kotak surat|akun|alamat e ?mail) (?:ini )?(?:tidak (?:ditemukan|dikenal|ada|terdaftar|valid))",
                    "observed texts in Vietnamese and Indonesian"),
            unknown(
                    "unknown-th",
                    "ไม่พบ(?:ผู้ใช้|ผู้รับ|กล่องจดหมาย|บัญชี)|ไม่มี(?:ผู้ใช้|ผู้รับ|กล่องจดหมาย|บัญชี)",
                    "observed texts in Thai"),
            unknown(
                    "unknown-zh",
                    "(?:用户|用戶|邮箱|郵箱|信箱|收件人|收件者|帐号|账号|帳號|帐户|账户|帳戶|使用者|收信人|地址|郵件地址|邮件地址|邮件帐户)([^.]{0,12}?)(?:不存在|未找到|找不到|不正确|无效|無效|未知|没有找到|未注册|不可用)"
                            + "|(?:无此|無此|没有这个|沒有這個|没有该|没有此|沒有此|查无此|查無此|不存在的|无效的|無效的|找不到|未知的?)(?:用户|用戶|邮箱|郵箱|信箱|收件人|收件者|帐号|账号|帳號|使用者|人|地址)",
                    "observed texts in Chinese"),
            unknown(
                    "unknown-ja-ko",
                    "(?:宛先|受信者|ユーザー?|メールボックス|メールアドレス|アドレス|アカウント)([^.]{0,16}?)(?:存在しません|存在しない|見つかりません|不明|無効|ありません|使われておりません)"
                            + "|(?:사용자|수신자|받는 사람|계정|메일함|메일 ?주소|편지함)([^.]{0,16}?)(?:존재하지|찾을 수 없|없는|없습니다|알 수 없)|(?:존재하지 않는|없는|알 수 없는) ?(?:사용자|수신자|계정|메일|주소)",
                    "observed texts in Japanese and Korean"));

    /** The mailbox is disabled. */
    static final List<ReplyRule> ENDED = List.of(
            ended(
                    "disabled-romance",
                    "(?:compte|bo[iî]te|cuenta|buz[oó]n|casilla|casella|conta|caixa|usuario|usu[aá]rio|utente|utenza|account|mailbox)"
                            + SOME
                            + "(?<! ha)(?<! a)(?<! tem)(?<! hanno) (?:bloqu[eé]e?|suspendue?|d[eé]sactiv[eé]e?|ferm[eé]e?|archiv[eé]e?|r[eé]sili[eé]e?|deshabilitad[oa]|suspendid[oa]|bloquead[oa]|cancelad[oa]|inactiv[oa]|desactivad[oa]|desativad[oa]|suspens[oa]|inativ[oa]|encerrad[oa]|disabilitat[oa]|sospes[oa]|bloccat[oa]|disattivat[oa]|scadut[oa]|ha expirado|expirad[oa]|caducad[oa])(?! (?:por|par|da) (?:est|ce|quest)\\p{L}*)"
                            + "|(?:indirizzo|direcci[oó]n|endere[cç]o|adresse|account)" + SOME
                            + " (?:bloccat[oa]|disattivat[oa]|bloquead[oa]|desactivad[oa]|desativad[oa]) (?:per inutilizzo|por inactividad|por inatividade|por falta de uso)",
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

    /** The mailbox is full. */
    static final List<ReplyRule> FULL = List.of(
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
                    "observed texts in Chinese, Japanese and Korean"),
            full(
                    "no-space-left-other",
                    "нет (?:свободного )?места|espacio insuficiente en (?:el buz[oó]n|la cuenta)|casella" + SOME
                            + " superato lo spazio",
                    "observed texts in Russian, Spanish and Italian"),
            full(
                    "no-space-left-cjk",
                    "(?:メールボックス|ユーザー?)([^.]{0,4}?)(?:空き|容量)[^.]{0,4}?ありません|(?:메일함|사용자)([^.]{0,4}?)(?:공간|자리|용량)이? ?없",
                    "observed texts in Japanese and Korean"));

    private TranslatedMailboxRules() {}
}

package org.senderauth.callout.reply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Texts that cost a classifier as much as they can: long words, near-matches of its patterns, nested and repeated. */
final class HostileTexts {

    private static final List<String> REPEATED = List.of(
            // Long words, base64, and what separates words.
            "x",
            "blok",
            "recipnotfoun",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
            "aGVsbG8gd29ybGQ=",
            "a-",
            "_",
            "a_",
            "a ",
            " ",
            ".",
            ";",
            "1.",
            "a.",
            "::",
            "1:",
            // Brackets, addresses, names, enhanced status codes.
            "[",
            "[[(((<<<",
            "<>",
            "a@",
            "@",
            "a@b ",
            "[1.2.3.4] ",
            "bob@[1.2.3.4] ",
            "192.0.2.1 ",
            "http://a ",
            "www.",
            "a.rbl.xx ",
            "ip=",
            "from=",
            "l'",
            "5.1.1 ",
            "4.1.1 5.7.1 ",
            // Near-matches of rows.
            "user ",
            "user a b c d e ",
            "user user unknown ",
            "5.1.1 user unknown ",
            "user unknown, your ip is blocked. ",
            "mailbox account recipient user ",
            "account user a b unknown error ",
            "user 1.1.1.1 ",
            "no such user ",
            "not be ",
            "does not be be be ",
            "address a b c d e does not be ",
            "e mail ",
            "domain a b c d e not ",
            "does not have an ",
            "have an a b c d e ",
            "can not find a b ",
            "user has moved ",
            "mailbox is disabled ",
            "disabled account ",
            "mailbox full exceeded its its its ",
            "inode limit exceeded ",
            "limit exceeded ",
            "quota a b ",
            "from ",
            "from the ",
            "from a b c ",
            "sent ",
            "which is ",
            "who a a a ",
            "relay ",
            "relay to x ",
            "not relay ",
            "messages ",
            "recipient address rejected: ",
            "adresse inconnue ",
            // Other scripts, and characters that become several.
            "пользователь ",
            "пользователь не найден ",
            "用户不存在",
            "用户a",
            "您的IP被",
            "无效的",
            "地址",
            "メールアドレス",
            "사용자 ",
            "아",
            "ไม่พบ",
            "Σ",
            "é",
            "ß",
            "\uFDFA",
            "\u0301",
            "a\u0301\u0327\u0323");

    private HostileTexts() {}

    /** Returns texts of a length, by name. */
    static Map<String, String> of(int length) {
        Map<String, String> texts = new LinkedHashMap<>();
        REPEATED.forEach(part -> texts.put(part, part.repeat(length).substring(0, length)));
        texts.put("marks in the wrong order", ("a" + "\u0301\u0323".repeat(length)).substring(0, length));
        texts.put("codes", codes(length));
        texts.put("known replies", shuffled(length, texts(KnownReply.all())));
        texts.put(
                "unknown mailboxes",
                shuffled(
                        length,
                        texts(KnownReply.all().stream()
                                .filter(reply -> reply.meaning().equals("unknown"))
                                .toList())));
        texts.put("words", shuffled(length, words()));
        return texts;
    }

    /** The text of each known reply. */
    static List<String> texts(List<KnownReply> replies) {
        return replies.stream()
                .map(reply -> ServerReply.of(reply.lines()).text())
                .toList();
    }

    /** The words of all known replies. */
    static List<String> words() {
        List<String> words = new ArrayList<>();
        texts(KnownReply.all()).forEach(text -> words.addAll(List.of(text.split(" "))));
        return words;
    }

    private static String codes(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append("5.").append(i % 8).append('.').append(i / 8 + 1).append(' ');
        }
        return text.substring(0, length);
    }

    private static String shuffled(int length, List<String> parts) {
        return new Random(length)
                .ints(length, 0, parts.size())
                .mapToObj(parts::get)
                .collect(Collectors.joining(" "))
                .substring(0, length);
    }
}

package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A reply means the same with other names, addresses, case and line breaks. */
class ChangedRepliesTest {

    private static final Pattern EMAIL = Pattern.compile("[a-z]+@example\\.(?:org|com|net)");
    private static final Pattern HOST =
            Pattern.compile("(?<![@\\w./-])(?:[\\w-]+\\.)+example\\.(?:org|com|net)(?![\\w/])");
    private static final Pattern IP = Pattern.compile("192\\.0\\.2\\.\\d+");
    private static final List<String> EMAILS = List.of(
            "x@example.net",
            "first.last+tag@sub.mail.example",
            "blocked-sender@spam.example",
            "no-such-user@unknown-mailbox.example.com",
            "full.quota@mx1.example.org");
    private static final List<String> HOSTS = List.of("mx.example.net", "a1-b2.in.mail.example", "smtp7.example.org");
    private static final List<String> IPS =
            List.of("203.0.113.77", "198.51.100.1", "2001:db8::1", "2001:db8:0:1:2:3:4:5");

    @Provide
    Arbitrary<KnownReply> replies() {
        return Arbitraries.of(KnownReply.all());
    }

    @Property(tries = 1500)
    void meansTheSame(@ForAll("replies") KnownReply known, @ForAll Random random) {
        KnownReply changed = known.with(wrapped(cased(named(known.lines(), random), random), random));
        for (PostmasterCheck postmaster : PostmasterCheck.values()) {
            ReplyClassification found = changed.classified(postmaster);
            assertThat(known.verdicts(postmaster))
                    .as("%s, changed to %s, by %s", known, changed, found.rule())
                    .contains(found.reason().verdict());
        }
    }

    private static List<String> named(List<String> lines, Random random) {
        String email = one(EMAILS, random);
        String host = one(HOSTS, random);
        String ip = one(IPS, random);
        return lines.stream()
                .map(line -> {
                    String text = EMAIL.matcher(line.substring(4)).replaceAll(email);
                    text = HOST.matcher(text).replaceAll(host);
                    return line.substring(0, 4) + IP.matcher(text).replaceAll(ip);
                })
                .toList();
    }

    private static List<String> cased(List<String> lines, Random random) {
        int way = random.nextInt(4);
        return lines.stream()
                .map(line -> switch (way) {
                    case 0 -> line.toUpperCase(Locale.ROOT);
                    case 1 -> line.toLowerCase(Locale.ROOT);
                    case 2 -> mixed(line, random);
                    default -> line;
                })
                .toList();
    }

    private static String mixed(String line, Random random) {
        StringBuilder text = new StringBuilder();
        for (char c : line.toCharArray()) {
            text.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return text.toString();
    }

    /** Breaks lines at other spaces, and repeats the enhanced status code of a line in what is broken off. */
    private static List<String> wrapped(List<String> lines, Random random) {
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            String code = line.substring(0, 3);
            String text = line.length() > 4 ? line.substring(4) : "";
            String first = text.split(" ", 2)[0];
            String repeated = first.matches("[245]\\.\\d+\\.\\d+") && random.nextBoolean() ? first + " " : "";
            StringBuilder part = new StringBuilder(code).append('-');
            for (String word : text.split(" ")) {
                if (random.nextInt(6) == 0) {
                    all.add(part.toString());
                    part = new StringBuilder(code).append('-').append(repeated);
                }
                part.append(word).append(' ');
            }
            all.add(part.toString());
        }
        String last = all.remove(all.size() - 1);
        all.add(last.substring(0, 3) + " " + last.substring(4));
        return all;
    }

    private static String one(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}

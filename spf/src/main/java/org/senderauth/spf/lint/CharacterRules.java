package org.senderauth.spf.lint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Characters that an editor or a web form inserts instead of a space, a hyphen or nothing. */
final class CharacterRules {

    private static final int MOST_NAMED = 3;

    /** Characters that look like a tilde: small, combining and fullwidth tilde, swung dash, tilde operators, wave dash. */
    private static final String TILDES = "\u02dc\u0303\u2053\u223c\u223d\u223f\u301c\uff5e";

    private static final int MINUS = 0x2212;

    private CharacterRules() {}

    /** A character of a record and its bytes. */
    private record Place(int codePoint, int start, int end) {}

    /** Returns the problem of such characters in a term, one char for each byte; null if there are none. */
    static @Nullable Suggestion find(String term) {
        List<Place> odd = new ArrayList<>();
        StringBuilder meant = new StringBuilder();
        for (int i = 0; i < term.length(); ) {
            char octet = term.charAt(i);
            if (octet >= 0x21 && octet <= 0x7e) {
                meant.append(octet);
                i++;
                continue;
            }
            Place place = at(term, i);
            odd.add(place);
            meant.append(replacement(place.codePoint()));
            i = place.end();
        }
        if (odd.isEmpty()) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>();
        for (Place place : odd) {
            names.add(name(place.codePoint()));
        }
        String listed = String.join(", ", names.stream().limit(MOST_NAMED).toList())
                + (names.size() > MOST_NAMED ? " and others" : "");
        String text = meant.toString()
                .strip()
                .replaceAll(" +", " ")
                .replaceAll("([:=.]) ", "$1")
                .replaceAll("(^| )([+?~-]) (?=[A-Za-z])", "$1$2");
        String fix = FixText.fix("retype", text);
        if (text.isEmpty()) {
            fix = "remove it";
        } else if (!text.chars().allMatch(c -> c < 0x7f)) {
            fix = "write it in ASCII; an internationalized domain name as A-labels (xn--...)";
        } else if (!Stream.of(text.split(" ")).allMatch(CharacterRules::isUsable)) {
            fix = "retype it in ASCII, with spaces between the terms";
        }
        return new Suggestion(
                LintRule.INVALID_CHARACTER,
                odd.get(0).start(),
                odd.get(0).end(),
                listed + ": a record contains printable ASCII only, with spaces between its terms",
                fix);
    }

    private static boolean isUsable(String word) {
        return word.equalsIgnoreCase("v=spf1") || SuggestedTerm.isUsable(word);
    }

    /** Returns the name of a character, such as {@code U+00A0 (no-break space)}. */
    static String name(int codePoint) {
        if (codePoint < 0) {
            return String.format(Locale.ROOT, "byte 0x%02X", -codePoint);
        }
        String name = Character.getName(codePoint);
        return String.format(Locale.ROOT, "U+%04X", codePoint)
                + (name == null ? "" : " (" + name.toLowerCase(Locale.ROOT) + ")");
    }

    // The UTF-8 character at a position; a byte that starts none is its negative value.
    private static Place at(String term, int start) {
        for (int length = 1; length <= 4 && start + length <= term.length(); length++) {
            byte[] octets = term.substring(start, start + length).getBytes(StandardCharsets.ISO_8859_1);
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(octets))
                        .toString();
                return new Place(text.codePointAt(0), start, start + length);
            } catch (CharacterCodingException e) {
                // One more byte may complete the character.
            }
        }
        return new Place(-term.charAt(start), start, start + 1);
    }

    private static String replacement(int codePoint) {
        if (codePoint < 0) {
            return "";
        }
        if (codePoint < 0x20 || Character.isSpaceChar(codePoint)) {
            return " ";
        }
        if (TILDES.indexOf(codePoint) >= 0) {
            return "~";
        }
        String ascii = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
        if (ascii.length() == 1 && ascii.charAt(0) > ' ' && ascii.charAt(0) < 0x7f) {
            return ascii;
        }
        if (codePoint == MINUS) {
            return "-";
        }
        return switch (Character.getType(codePoint)) {
            case Character.DASH_PUNCTUATION -> "-";
            case Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.FORMAT,
                    Character.CONTROL -> "";
            default -> Character.toString(codePoint);
        };
    }
}

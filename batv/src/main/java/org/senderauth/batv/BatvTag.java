package org.senderauth.batv;

import java.util.HexFormat;

/** The addition to an address: the {@code tag-val} of draft-levine-smtp-batv-01 section 3, or that of a product. */
public sealed interface BatvTag {

    /**
     * The format in which tag and address are joined.
     *
     * @return the form
     */
    TagFormat form();

    /**
     * A tag of the draft's {@code prvs} scheme (section 4).
     *
     * <pre>{@code tag-val = K DDD SSSSSS}</pre>
     *
     * @param form {@link TagFormat#STD} or {@link TagFormat#SUBADDR}
     * @param keyNumber {@code K}: which key made it, 0 to 9
     * @param day {@code DDD}: the day on which it expires, in days since 1970 modulo 1000
     * @param hash {@code SSSSSS}: the first 24 bits of the HMAC
     */
    record Prvs(TagFormat form, int keyNumber, int day, int hash) implements BatvTag {

        /** Characters of a tag: one of the key number, three of the day, six of the hash. */
        static final int LENGTH = 10;

        private static final int HASH_DIGITS = 6;

        private static final HexFormat HEX = HexFormat.of();

        /**
         * A tag.
         *
         * @param form {@link TagFormat#STD} or {@link TagFormat#SUBADDR}
         * @param keyNumber 0 to 9
         * @param day 0 to 999
         * @param hash 24 bits
         * @throws IllegalArgumentException if a part is out of its range
         */
        public Prvs {
            if (!form.isCheckable()) {
                throw new IllegalArgumentException("a prvs tag has the form std or subaddr, not " + form);
            }
            if (keyNumber < 0 || keyNumber > 9 || day < 0 || day > 999 || hash >>> 24 != 0) {
                throw new IllegalArgumentException("a prvs tag has a key of 0-9, a day of 0-999 and a hash of 24 bits");
            }
        }

        /** The ten characters of the tag; the hash is in lower case. */
        @Override
        public String toString() {
            return dated(keyNumber, day) + hashText(hash);
        }

        /** {@code SSSSSS}, in lower case. */
        static String hashText(int hash) {
            return HEX.toHexDigits(hash, HASH_DIGITS);
        }

        /** {@code K DDD}, which is also how the text under the HMAC begins. */
        static String dated(int keyNumber, int day) {
            return String.valueOf(new char[] {
                (char) ('0' + keyNumber),
                (char) ('0' + day / 100),
                (char) ('0' + day / 10 % 10),
                (char) ('0' + day % 10)
            });
        }
    }

    /**
     * A tag that only the product that made it can check.
     *
     * @param form neither {@link TagFormat#STD} nor {@link TagFormat#SUBADDR}
     * @param text the tag as it is written in the address
     */
    record Foreign(TagFormat form, String text) implements BatvTag {

        /** The tag as it is written in the address. */
        @Override
        public String toString() {
            return text;
        }
    }
}

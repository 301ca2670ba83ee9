package org.senderauth.policy;

import java.util.Locale;

/** How constants are written in configuration, reports and logs. */
final class Words {

    private Words() {}

    /** A constant's name in lower case, with hyphens: {@code NOT_ASKED} is {@code not-asked}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

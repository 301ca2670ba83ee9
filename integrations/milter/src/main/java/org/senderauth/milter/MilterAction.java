package org.senderauth.milter;

import java.util.EnumSet;
import java.util.Set;

/** A change that an MTA may allow its filter. */
public enum MilterAction {
    /** Add and insert header fields. */
    ADD_HEADERS(0x01),
    /** Replace the body. */
    CHANGE_BODY(0x02),
    /** Add recipients. */
    ADD_RECIPIENTS(0x04),
    /** Delete recipients. */
    DELETE_RECIPIENTS(0x08),
    /** Change and delete header fields. */
    CHANGE_HEADERS(0x10),
    /** Put the message into quarantine. */
    QUARANTINE(0x20),
    /** Change the envelope sender. */
    CHANGE_SENDER(0x40),
    /** Add recipients with ESMTP arguments. */
    ADD_RECIPIENT_ARGUMENTS(0x80),
    /** Choose the macros that are sent. */
    CHOOSE_MACROS(0x100);

    private final int bit;

    MilterAction(int bit) {
        this.bit = bit;
    }

    static int bits(Set<MilterAction> actions) {
        return actions.stream().mapToInt(action -> action.bit).reduce(0, (a, b) -> a | b);
    }

    static Set<MilterAction> of(int bits) {
        Set<MilterAction> actions = EnumSet.noneOf(MilterAction.class);
        for (MilterAction action : values()) {
            if ((bits & action.bit) != 0) {
                actions.add(action);
            }
        }
        return actions;
    }
}

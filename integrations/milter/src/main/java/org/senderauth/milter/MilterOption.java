package org.senderauth.milter;

/** An option of the protocol that an MTA may offer. */
enum MilterOption {
    NO_CONNECT(0x01),
    NO_HELO(0x02),
    NO_MAIL(0x04),
    NO_RCPT(0x08),
    NO_BODY(0x10),
    NO_HEADERS(0x20),
    NO_END_OF_HEADERS(0x40),
    NO_REPLY_HEADER(0x80),
    NO_UNKNOWN(0x100),
    NO_DATA(0x200),
    SKIP(0x400),
    REJECTED_RECIPIENTS(0x800),
    NO_REPLY_CONNECT(0x1000),
    NO_REPLY_HELO(0x2000),
    NO_REPLY_MAIL(0x4000),
    NO_REPLY_RCPT(0x8000),
    NO_REPLY_DATA(0x10000),
    NO_REPLY_UNKNOWN(0x20000),
    NO_REPLY_END_OF_HEADERS(0x40000),
    NO_REPLY_BODY(0x80000),
    LEADING_SPACE(0x100000);

    private final int bit;

    MilterOption(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }

    boolean in(int bits) {
        return (bits & bit) != 0;
    }
}

package org.senderauth.cli;

/** What the command's exit status means, everywhere. */
final class ExitStatus {

    /** The verdict is good. */
    static final int GOOD = 0;

    /** The verdict is negative. */
    static final int NEGATIVE = 1;

    /** The command was called wrongly, or a file it needs cannot be used. */
    static final int USAGE = 2;

    /** No verdict now; try again later (EX_TEMPFAIL of sysexits.h). */
    static final int TRY_LATER = 75;

    private ExitStatus() {}
}

package org.senderauth.cli;

/** The exit statuses of every command. */
final class ExitStatus {

    /** Pass: the result is positive, or the work is done. */
    static final int PASS = 0;

    /** Fail: the result is negative. */
    static final int FAIL = 1;

    /** Usage or configuration error: the command line or a file that it names cannot be used. */
    static final int USAGE = 2;

    /** Temporary failure: no result now; try again later (EX_TEMPFAIL of sysexits.h). */
    static final int TEMPFAIL = 75;

    private ExitStatus() {}
}

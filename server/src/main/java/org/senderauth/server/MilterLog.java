package org.senderauth.server;

import static org.senderauth.server.LogText.quoted;

import org.senderauth.milter.MilterAction;
import org.senderauth.milter.MilterObserver;

/** One line for each thing that goes wrong between a mail server and the milter. */
final class MilterLog implements MilterObserver {

    private final LogQueue log;
    private final MilterObserver next;

    MilterLog(LogQueue log, MilterObserver next) {
        this.log = log;
        this.next = next;
    }

    @Override
    public void failed(Throwable cause) {
        log.line("milter failed cause=" + quoted(String.valueOf(cause)));
        next.failed(cause);
    }

    @Override
    public void broken(String problem) {
        log.line("milter broken problem=" + quoted(problem));
        next.broken(problem);
    }

    @Override
    public void leftOut(MilterAction action) {
        log.line("milter left-out action=" + MetricRegistry.word(action)
                + " reason=\"the mail server does not allow it\"");
        next.leftOut(action);
    }
}

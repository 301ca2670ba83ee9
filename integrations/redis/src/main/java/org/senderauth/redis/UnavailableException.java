package org.senderauth.redis;

/** Redis has not answered in time, or not properly. Its message is one line for a log. */
final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        // Thrown for every question while Redis is away: a stack trace would cost more than the question.
        super(message, null, false, false);
    }
}

package org.senderauth.csv;

/**
 * An observer of checks, for metrics and logs. Its methods are called on the thread that completes the check, so they must
 * return quickly; an exception is logged and changes no result.
 */
public interface CsvObserver {

    /** The observer that does nothing. */
    CsvObserver NONE = new CsvObserver() {};

    /**
     * Called when a HELO name was checked.
     *
     * @param result the result
     */
    default void checked(CsvResult result) {}
}

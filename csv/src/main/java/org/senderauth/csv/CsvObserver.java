package org.senderauth.csv;

/**
 * Is told of each check, for metrics and logs. Its methods are called on the thread that completes the check, so they
 * must be quick; what they throw is logged and changes no result.
 */
public interface CsvObserver {

    /** Does nothing. */
    CsvObserver NONE = new CsvObserver() {};

    /**
     * A HELO name was checked.
     *
     * @param result the result
     */
    default void checked(CsvResult result) {}
}

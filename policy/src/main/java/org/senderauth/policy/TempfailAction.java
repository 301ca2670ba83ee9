package org.senderauth.policy;

/** The actions of an enforcing step on a temporary failure: of the DNS, of a store, or at the deadline. */
public enum TempfailAction {
    /** The mail continues to the next step (fail open). */
    CONTINUE,
    /** The mail is deferred, unless another step rejects it permanently (fail closed). */
    DEFER
}

package org.senderauth.policy;

/** What an enforcing step does if it cannot tell now: the DNS is silent, a store is away, the time is over. */
public enum OnTrouble {
    /** The mail goes on to the next step (fail open). */
    CONTINUE,
    /** The client is asked to come again, unless another step refuses for good (fail closed). */
    DEFER
}

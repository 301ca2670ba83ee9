package org.senderauth.simulation;

/** Old faults of this project, and their kin, that the simulation must find. */
enum PlantedFault {
    NONE,
    /** A postmaster check of an earlier session counts for a later one. */
    POSTMASTER_REMEMBERED,
    /** Lifetimes in memory follow the wall clock. */
    LIFETIMES_BY_WALL_CLOCK,
    /** Two probes find out at once whether a domain accepts every address. */
    CATCH_ALL_RACE,
    /** Serial numbers continue from the file alone, also after an old file was restored. */
    SERIALS_FROM_FILE_ALONE,
    /** Rejected probes for foreign domains stop all probes of the mail server that these domains name. */
    BREAKER_OPENED_BY_STRANGERS,
    /** A second question about an address starts a second probe. */
    LEASE_IGNORED,
    /** A DNS failure counts as the absence of the domain. */
    DNS_FAILURE_IS_ABSENCE,
    /** A Redis that lost its data starts with full rate limits. */
    FULL_LIMITS_AFTER_RESTART,
    /** A reload changes decisions in progress. */
    RELOAD_REACHES_DECISIONS_IN_PROGRESS
}

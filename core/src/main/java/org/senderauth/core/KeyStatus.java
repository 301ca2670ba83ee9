package org.senderauth.core;

import java.time.Instant;
import java.util.Optional;

/**
 * The use of a key of a keyring, without the key. Immutable.
 *
 * @param name its number or position in the keyring
 * @param signs whether it is the one that signs; the others only verify
 * @param until when it stops to verify, so that it may be removed; empty if no date is set
 */
public record KeyStatus(String name, boolean signs, Optional<Instant> until) {}

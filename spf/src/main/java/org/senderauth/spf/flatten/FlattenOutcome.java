package org.senderauth.spf.flatten;

/** The result of flattening a record: {@link FlattenedRecords}, or the reason why there are none. */
public sealed interface FlattenOutcome permits FlattenedRecords, AuthorizedNetworks.Unusable {}

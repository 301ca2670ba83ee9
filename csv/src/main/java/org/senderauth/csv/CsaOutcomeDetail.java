package org.senderauth.csv;

import java.util.List;
import java.util.stream.Collectors;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/** The details of a CSA verdict, with its evidence. Immutable. */
public sealed interface CsaOutcomeDetail {

    /** {@return the verdict} */
    CsaVerdict verdict();

    /** {@return the reason for the reader, one line of printable ASCII} */
    String reason();

    /**
     * The client's address is one of the target's.
     *
     * @param target the target of the name's record
     */
    record Pass(Name target) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.PASS;
        }

        @Override
        public String reason() {
            return "the client address is one of " + DomainNames.text(target);
        }
    }

    /**
     * The name's record says that no client may use it (weight 0 or 1).
     *
     * @param domain the name
     */
    record NotAuthorized(Name domain) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.FAIL_NOT_AUTHORIZED;
        }

        @Override
        public String reason() {
            return DomainNames.text(domain) + " is not authorized to send mail from any address";
        }
    }

    /**
     * The targets have addresses, and the client's is not among them.
     *
     * @param targets the targets that were asked for
     */
    record Mismatch(List<Name> targets) implements CsaOutcomeDetail {

        /**
         * Creates the finding; the list is copied.
         *
         * @param targets the targets that were asked for
         */
        public Mismatch {
            targets = List.copyOf(targets);
        }

        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.FAIL_MISMATCH;
        }

        @Override
        public String reason() {
            return "the client address is not one of " + list(targets);
        }
    }

    /**
     * The targets have no address of the client's family.
     *
     * @param targets the targets of the name's records
     */
    record NoAddress(List<Name> targets) implements CsaOutcomeDetail {

        /**
         * Creates the finding; the list is copied.
         *
         * @param targets the targets of the name's records
         */
        public NoAddress {
            targets = List.copyOf(targets);
        }

        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.FAIL_NO_ADDRESS;
        }

        @Override
        public String reason() {
            return "there is no authorized address at " + list(targets);
        }
    }

    /**
     * A parent wants a record for every authorized name, and the name has none.
     *
     * @param parent the parent domain
     */
    record ExplicitRequired(Name parent) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.FAIL_EXPLICIT;
        }

        @Override
        public String reason() {
            return "every authorized name below " + DomainNames.text(parent) + " has a record, and this one has none";
        }
    }

    /**
     * No usable record is published.
     *
     * @param cause what is known of it
     */
    record Unknown(Cause cause) implements CsaOutcomeDetail {

        /** Why nothing is known. */
        public enum Cause {
            /** Neither the name nor a parent has a record. */
            NO_RECORD("no record is published"),
            /** The name's registered domain or its top-level domain does not exist. */
            NO_SUCH_DOMAIN("the domain does not exist"),
            /** There are records, none of a version that is known. */
            VERSION("the published record has an unknown version"),
            /** There are records, all with reserved weight bits. */
            RESERVED_WEIGHT("the published record sets a reserved weight bit"),
            /** Exim passes over the weights from 3 on, and no record is left. */
            NO_USABLE_WEIGHT("no published record has a weight that is used"),
            /** There are more targets than are looked up, and none of the first matches. */
            TOO_MANY_TARGETS("the published records have too many targets");

            private final String text;

            Cause(String text) {
                this.text = text;
            }
        }

        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.UNKNOWN;
        }

        @Override
        public String reason() {
            return cause.text;
        }
    }

    /**
     * The name is authorized, and another proof than an address must show that the client may use it (weight 3).
     *
     * @param domain the name
     */
    record AuthorizedUnauthenticated(Name domain) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.AUTHORIZED_UNAUTHENTICATED;
        }

        @Override
        public String reason() {
            return DomainNames.text(domain) + " is authorized, but not by address";
        }
    }

    /**
     * The DNS gave no answer about a record.
     *
     * @param owner where the record would be
     * @param trouble why there is no answer
     */
    record RecordUnavailable(Name owner, Unavailable trouble) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.TEMPERROR_SRV;
        }

        @Override
        public String reason() {
            return "no answer about " + DomainNames.text(owner) + ": " + trouble.detail();
        }
    }

    /**
     * The DNS gave no answer about a target's addresses.
     *
     * @param target the target
     * @param trouble why there is no answer
     */
    record AddressesUnavailable(Name target, Unavailable trouble) implements CsaOutcomeDetail {
        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.TEMPERROR_ADDR;
        }

        @Override
        public String reason() {
            return "no answer about the addresses of " + DomainNames.text(target) + ": " + trouble.detail();
        }
    }

    /**
     * There is no name to check.
     *
     * @param cause what there is instead
     */
    record NotApplicable(Cause cause) implements CsaOutcomeDetail {

        /** Why there is no name. */
        public enum Cause {
            /** The client sent no HELO. */
            NO_HELO("the client said no HELO"),
            /** HELO has an address, in brackets or bare. */
            ADDRESS("HELO has an address, not a name"),
            /** HELO has what is no domain name. */
            NOT_A_NAME("HELO has no domain name"),
            /** The message is submitted locally. */
            LOCAL("there is no client address");

            private final String text;

            Cause(String text) {
                this.text = text;
            }
        }

        @Override
        public CsaVerdict verdict() {
            return CsaVerdict.NOT_APPLICABLE;
        }

        @Override
        public String reason() {
            return cause.text;
        }
    }

    private static String list(List<Name> names) {
        int listed = 3;
        String text = names.stream().limit(listed).map(DomainNames::text).collect(Collectors.joining(", "));
        return names.size() <= listed ? text : text + " and " + (names.size() - listed) + " more";
    }
}

package org.senderauth.csv;

import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/** The result of comparing a message with a domain's mail policy, with its evidence. Immutable. */
public sealed interface MprOutcome {

    /** {@return the verdict} */
    MprVerdict verdict();

    /** {@return the reason for the reader, one line of printable ASCII} */
    String reason();

    /** The text in place of a domain is not an address and not a domain name. */
    record MalformedIdentity() implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.NONE;
        }

        @Override
        public String reason() {
            return "malformed address";
        }
    }

    /** The message has no domain here: a null reverse-path, or a text that is not a domain name. */
    record NoIdentity() implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.NONE;
        }

        @Override
        public String reason() {
            return "there is no domain";
        }
    }

    /**
     * The domain has no policy of a known version.
     *
     * @param domain the domain
     */
    record NoPolicy(Name domain) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.NONE;
        }

        @Override
        public String reason() {
            return DomainNames.text(domain) + " has no mail policy";
        }
    }

    /**
     * The domain's policy requires no channel for this identity.
     *
     * @param policy the policy
     */
    record NotDemanded(MprRecord policy) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.NONE;
        }

        @Override
        public String reason() {
            return "the policy " + policy + " requires no channel here";
        }
    }

    /**
     * The session's HELO name is one of the domain's channel.
     *
     * @param suffix the name in the domain's list that the HELO name equals or is below
     */
    record InChannel(Name suffix) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.PASS;
        }

        @Override
        public String reason() {
            return "the HELO name is at or below " + DomainNames.text(suffix);
        }
    }

    /** The reverse-path has a valid signature, which replaces the channel. */
    record SignedReturnPath() implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.PASS;
        }

        @Override
        public String reason() {
            return "the return path is signed";
        }
    }

    /**
     * The client's address is in the list of a domain that the recipient trusts to forward, or of the domain itself.
     *
     * @param domain the domain with the list
     */
    record ListedClient(Name domain) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.PASS;
        }

        @Override
        public String reason() {
            return "the client address is in the list of " + DomainNames.text(domain);
        }
    }

    /**
     * The message came through none of the domain's channels.
     *
     * @param identity the identity with the domain
     * @param badSignature whether the return path has a signature that is not valid
     */
    record WrongChannel(MprIdentity identity, boolean badSignature) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.FAIL;
        }

        @Override
        public String reason() {
            return identity.text() + " Channel Failure." + (badSignature ? " BATV check unsuccessful." : "");
        }
    }

    /**
     * A lookup that decides failed.
     *
     * @param missing what is unknown, one line of printable ASCII
     */
    record Undecided(String missing) implements MprOutcome {
        @Override
        public MprVerdict verdict() {
            return MprVerdict.TEMPERROR;
        }

        @Override
        public String reason() {
            return "no answer about " + missing;
        }
    }
}

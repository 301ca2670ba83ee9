package org.senderauth.csv;

import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/** What a domain's mail policy says of a message, with what it rests on. Immutable. */
public sealed interface MprFinding {

    /**
     * The finding for a person.
     *
     * @return one line of printable ASCII
     */
    String reason();

    /** The message names no domain here: the null reverse-path, or what is no domain name. */
    record NoIdentity() implements MprFinding {
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
    record NoPolicy(Name domain) implements MprFinding {
        @Override
        public String reason() {
            return DomainNames.text(domain) + " has no mail policy";
        }
    }

    /**
     * The domain's policy demands no channel for this identity.
     *
     * @param policy the policy
     */
    record NotDemanded(MprRecord policy) implements MprFinding {
        @Override
        public String reason() {
            return "the policy " + policy + " demands no channel here";
        }
    }

    /**
     * The session's HELO name is one of the domain's channel.
     *
     * @param suffix the name of the domain's list at or below which the HELO name is
     */
    record InChannel(Name suffix) implements MprFinding {
        @Override
        public String reason() {
            return "the HELO name is at or below " + DomainNames.text(suffix);
        }
    }

    /** The reverse-path has a valid signature, which excuses the channel. */
    record SignedReturnPath() implements MprFinding {
        @Override
        public String reason() {
            return "the return path is signed";
        }
    }

    /**
     * The client's address is in the list of a domain that the recipient trusts to forward, or of the domain itself.
     *
     * @param domain whose list it is
     */
    record ListedClient(Name domain) implements MprFinding {
        @Override
        public String reason() {
            return "the client address is in the list of " + DomainNames.text(domain);
        }
    }

    /**
     * The message comes through no channel of the domain.
     *
     * @param identity where the message names the domain
     * @param badSignature whether the return path has a signature that is not valid
     */
    record WrongChannel(MprIdentity identity, boolean badSignature) implements MprFinding {
        @Override
        public String reason() {
            return identity.text() + " Channel Failure." + (badSignature ? " BATV check unsuccessful." : "");
        }
    }

    /**
     * A question that decides got no answer.
     *
     * @param missing what is not known, one line of printable ASCII
     */
    record Undecided(String missing) implements MprFinding {
        @Override
        public String reason() {
            return "no answer about " + missing;
        }
    }
}

package org.senderauth.redis;

import java.net.InetAddress;
import java.util.List;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.MailServer;

/**
 * The keys of the callout state, by the kinds of docs/redis.md. Of a registrable domain all is in one bucket, so
 * that one step may touch it; of a mail server as well. Immutable.
 *
 * @param names makes the names
 */
record CalloutKeys(KeyNames names) {

    /** The bucket of all that belongs to a question's registrable domain. */
    static String bucket(AdmissionRequest question) {
        return KeyNames.bucket(question.registrable());
    }

    /** The bucket of all that belongs to a mail server's network. */
    static String bucket(InetAddress host) {
        return KeyNames.bucket(MailServer.addressKey(host));
    }

    String answer(AdmissionRequest question, String address) {
        return answer(question.registrable(), address);
    }

    String answer(String registrable, String address) {
        return names.in(KeyNames.bucket(registrable), "a", address);
    }

    String facts(AdmissionRequest question) {
        return facts(question.registrable(), question.domain());
    }

    String facts(String registrable, String domain) {
        return names.in(KeyNames.bucket(registrable), "d", domain);
    }

    /** The key of the time at which the domain was evicted. */
    String forgotten(String registrable, String domain) {
        return names.in(KeyNames.bucket(registrable), "f", domain);
    }

    String budget(AdmissionRequest question) {
        return budget(question.registrable());
    }

    String budget(String registrable) {
        return names.in(KeyNames.bucket(registrable), "b", registrable);
    }

    String lease(AdmissionRequest question) {
        return names.in(bucket(question), "l", question.address());
    }

    String running(AdmissionRequest question) {
        return names.in(bucket(question), "r", question.registrable());
    }

    String proofs(AdmissionRequest question, String pattern) {
        return proofs(question.registrable(), pattern);
    }

    String proofs(String registrable, String pattern) {
        return names.in(KeyNames.bucket(registrable), "p", pattern);
    }

    /** Not in the domain's bucket: a client may forge any domain. */
    String client(AdmissionRequest question) {
        return names.in(KeyNames.bucket(question.client()), "c", question.client());
    }

    /** The key of the time at which the registrable domain was first seen. */
    String known(AdmissionRequest question) {
        return names.in(bucket(question), "k", question.registrable());
    }

    /** The bucket of an MX registrable domain. */
    static String mxBucket(String mxDomain) {
        return KeyNames.bucket(MailServer.mxDomainKey(mxDomain));
    }

    /** An MX registrable domain has no record: nothing is ever stored here. */
    String mxRecord(String mxDomain) {
        return names.in(mxBucket(mxDomain), "h", MailServer.mxDomainKey(mxDomain));
    }

    String mxBudget(String mxDomain) {
        return names.in(mxBucket(mxDomain), "m", MailServer.mxDomainKey(mxDomain));
    }

    String host(InetAddress host) {
        return names.in(bucket(host), "h", host.getHostAddress());
    }

    String hostBudget(InetAddress host) {
        return names.in(bucket(host), "m", MailServer.addressKey(host));
    }

    /** The keys of {@link Script#RELEASE}. */
    List<String> ofRelease(AdmissionRequest question) {
        return List.of(lease(question), running(question));
    }
}

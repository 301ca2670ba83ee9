package org.senderauth.redis;

import java.net.InetAddress;
import java.util.List;
import org.senderauth.callout.state.HostKeys;
import org.senderauth.callout.state.Question;

/**
 * Where what is known of callouts is kept, by the kinds of docs/redis.md. Of a registrable domain all is in one bucket, so
 * that one step may touch it; of a mail server as well. Immutable.
 *
 * @param names makes the names
 */
record CalloutKeys(KeyNames names) {

    /** The bucket of all that belongs to a question's registrable domain. */
    static String bucket(Question question) {
        return KeyNames.bucket(question.registrable());
    }

    /** The bucket of all that belongs to a mail server's network. */
    static String bucket(InetAddress host) {
        return KeyNames.bucket(HostKeys.budget(host));
    }

    String answer(Question question, String address) {
        return names.in(bucket(question), "a", address);
    }

    String facts(Question question) {
        return names.in(bucket(question), "d", question.domain());
    }

    String budget(Question question) {
        return names.in(bucket(question), "b", question.registrable());
    }

    String lease(Question question) {
        return names.in(bucket(question), "l", question.address());
    }

    String running(Question question) {
        return names.in(bucket(question), "r", question.registrable());
    }

    String proofs(Question question, String pattern) {
        return names.in(bucket(question), "p", pattern);
    }

    /** Not in the domain's bucket: a client may forge any domain. */
    String client(Question question) {
        return names.in(KeyNames.bucket(question.client()), "c", question.client());
    }

    String host(InetAddress host) {
        return names.in(bucket(host), "h", host.getHostAddress());
    }

    String hostBudget(InetAddress host) {
        return names.in(bucket(host), "m", HostKeys.budget(host));
    }

    /** What {@link Script#RELEASE} takes. */
    List<String> ofRelease(Question question) {
        return List.of(lease(question), running(question));
    }
}

package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyProtocolTest {

    private final PolicyProtocol protocol = new PolicyProtocol(request -> PolicyAction.DUNNO);

    // As Postfix 3.7.11 sends it.
    private static final String CAPTURED = """
            request=smtpd_access_policy
            protocol_state=RCPT
            protocol_name=ESMTP
            client_address=127.0.0.1
            client_name=localhost
            client_port=34088
            reverse_client_name=localhost
            server_address=127.0.0.1
            server_port=2526
            helo_name=client.example
            sender=
            recipient=alice@example.org
            recipient_count=0
            queue_id=
            instance=7355.6b03f2fb.1c98e.0
            size=0
            etrn_domain=
            stress=
            sasl_method=
            sasl_username=
            sasl_sender=
            ccert_subject=
            policy_context=

            """;

    @Test
    void readsOneRequestOfPostfix() throws Exception {
        RequestInput in = Wire.of(CAPTURED + CAPTURED.replace("alice", "bob"));
        PolicyRequest first = protocol.read(in);
        assertThat(first.get("client_address")).isEqualTo("127.0.0.1");
        assertThat(first.get("recipient")).isEqualTo("alice@example.org");
        assertThat(first.get("sender")).isEmpty();
        assertThat(first.get("no_such_attribute")).isEmpty();
        assertThat(protocol.read(in).get("recipient")).isEqualTo("bob@example.org");
    }

    @Test
    void keepsUnknownAndFirstDuplicateAttributes() throws Exception {
        PolicyRequest request =
                protocol.read(Wire.of("new=1\nsender=prvs=0896eca59c=joe@example.com\nrequest=smtpd_access_policy\n"
                        + "sender=other@example.com\nsender_utf8=jos\u00e9@example.com\n\n"));
        assertThat(request.attributes())
                .isEqualTo(Map.of(
                        "new",
                        "1",
                        "sender",
                        "prvs=0896eca59c=joe@example.com",
                        "request",
                        "smtpd_access_policy",
                        "sender_utf8",
                        "jos\u00e9@example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "request=smtpd_access_policy",
                "request=smtpd_access_policy\nsender=a@example.com\n",
                "request=something_else\n\n",
                "sender=a@example.com\n\n",
                "request=smtpd_access_policy\nno equals sign\n\n",
                "request=smtpd_access_policy\n=value\n\n",
                "request=smtpd_access_policy\nsender=a\0b\n\n",
                "request=smtpd_access_policy\n\0sender=a\n\n",
                "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
                "22:sign alice@example.org,"
            })
    void refusesMalformedRequest(String octets) {
        assertThatThrownBy(() -> protocol.read(Wire.of(octets))).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void refusesRequestOverLimit() throws Exception {
        String head = "request=smtpd_access_policy\n";
        assertThatThrownBy(() -> protocol.read(Wire.of(head + "a=" + "x".repeat(1_000_000) + "\n\n")))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("longer than");
        StringBuilder many = new StringBuilder(head);
        for (int i = 1; i < PolicyProtocol.MAX_ATTRIBUTES; i++) {
            many.append('a').append(i).append("=\n");
        }
        assertThat(protocol.read(Wire.of(many + "\n")).attributes()).hasSize(PolicyProtocol.MAX_ATTRIBUTES);
        assertThatThrownBy(() -> protocol.read(Wire.of(many + "one=more\n\n")))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("attributes");
    }

    @Test
    void readsRequestOfExactlyTheLimit() throws Exception {
        String head = "request=smtpd_access_policy";
        String value = "x".repeat(PolicyProtocol.MAX_REQUEST_OCTETS - head.length() - "a=".length());
        assertThat(protocol.read(Wire.of(head + "\na=" + value + "\n\n")).get("a"))
                .isEqualTo(value);
        assertThatThrownBy(() -> protocol.read(Wire.of(head + "\na=x" + value + "\n\n")))
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void writesActionAndEmptyLine() {
        PolicyRequest request = new PolicyRequest(Map.of());
        assertThat(Wire.text(protocol.answer(request))).isEqualTo("action=DUNNO\n\n");
        assertThat(protocol.answer(request).keepsConnection()).isTrue();
        assertThat(Wire.text(new PolicyProtocol(r -> PolicyAction.reject(550, "5.7.23", "no")).answer(request)))
                .isEqualTo("action=550 5.7.23 no\n\n");
        assertThat(Wire.text(new PolicyProtocol(r -> PolicyAction.defer("4.4.3", "later")).answer(request)))
                .isEqualTo("action=DEFER_IF_PERMIT 4.4.3 later\n\n");
        assertThat(Wire.text(new PolicyProtocol(r -> PolicyAction.prepend("X-A: b")).answer(request)))
                .isEqualTo("action=PREPEND X-A: b\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "550 a\nDUNNO", "550 a\r", "a\u007f"})
    void refusesActionOfSeveralLines(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyAction(text));
    }

    @Test
    void limitsActionLength() {
        assertThat(new PolicyAction("x".repeat(PolicyAction.MAX_LENGTH)).text()).hasSize(PolicyAction.MAX_LENGTH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PolicyAction("x".repeat(PolicyAction.MAX_LENGTH + 1)));
    }

    private final List<String> ended = new ArrayList<>();

    private Protocol<PolicyRequest> connection() {
        return new PolicyProtocol(request -> PolicyAction.DUNNO, former -> ended.add(former.get("instance")))
                .connected();
    }

    private static PolicyRequest about(String message) {
        return new PolicyRequest(Map.of(
                "instance", message, "client_address", "192.0.2.1", "helo_name", "h", "sender", "a@example.com"));
    }

    private static List<String> ofProcess(String process, String... messages) {
        return Arrays.stream(messages).map(message -> process + "." + message).toList();
    }

    private void ask(Protocol<PolicyRequest> connection, String... messages) {
        for (String message : messages) {
            connection.answer(about(message.isEmpty() ? "" : "7355." + message));
        }
    }

    @Test
    void messageEndsWithRequestAboutTheNext() {
        Protocol<PolicyRequest> connection = connection();
        ask(connection, "1", "1", "1");
        assertThat(ended).isEmpty();
        ask(connection, "2");
        assertThat(ended).isEqualTo(ofProcess("7355", "1"));
        // Before MAIL a message has no name.
        ask(connection, "", "3");
        assertThat(ended).isEqualTo(ofProcess("7355", "1", "2"));
    }

    @Test
    void endedMessageHasWhatNamesIt() {
        List<PolicyRequest> messages = new ArrayList<>();
        Protocol<PolicyRequest> connection =
                new PolicyProtocol(request -> PolicyAction.DUNNO, messages::add).connected();
        ask(connection, "1", "2");
        assertThat(messages).containsExactly(about("7355.1"));
    }

    @Test
    void messagesOfSeveralProcessesDoNotEnd() {
        Protocol<PolicyRequest> connection = connection();
        for (int i = 0; i < 3; i++) {
            for (String process : List.of("7355", "7356", "7357")) {
                connection.answer(about(process + "." + i));
            }
        }
        ask(connection, "8", "9");
        assertThat(ended).isEmpty();
    }

    @Test
    void messagesOfOtherSoftwareDoNotEnd() {
        Protocol<PolicyRequest> connection = connection();
        for (String name : List.of("1rYx2A-0003Xy-1B", "1rYx2A-0003Xy-2C", "7355.1", "7355.2")) {
            connection.answer(about(name));
        }
        assertThat(ended).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2000})
    void noneEndsAfterReturnToMessage(int length) {
        Protocol<PolicyRequest> connection = connection();
        ask(connection, "1", "2".repeat(length), "1", "3", "4", "5");
        assertThat(ended).isEqualTo(ofProcess("7355", "1"));
    }

    @Test
    void connectionsDoNotEndMessagesOfEachOther() {
        PolicyProtocol shared = new PolicyProtocol(request -> PolicyAction.DUNNO, former -> ended.add("any"));
        ask(shared.connected(), "1");
        ask(shared.connected(), "2");
        ask(shared, "3", "4");
        assertThat(ended).isEmpty();
    }

    @Test
    void longNamesAreNotKept() {
        Protocol<PolicyRequest> connection = connection();
        ask(connection, "1".repeat(2000), "2", "3");
        assertThat(ended).isEqualTo(ofProcess("7355", "2"));
    }
}

package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Stage;
import org.senderauth.policy.Transaction;

class TransactionMapperTest {

    // What other hooks and the metrics of James see is the code, not the text.
    @ParameterizedTest
    @CsvSource({"bob@example.net, DENY", "bob@away.example.net, DENYSOFT", "bob@example.com, DECLINED"})
    void mapsPermanentAndTemporaryReplies(String sender, String code) throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        InetAddress stranger = InetAddress.getByName("198.51.100.1");
        Transaction transaction =
                Transaction.of(stranger, "host.example.com", sender).to("alice@example.org");
        Decision decision = policy.decide(transaction, Stage.RCPT);
        HookReturnCode expected = switch (code) {
            case "DENY" -> HookReturnCode.deny();
            case "DENYSOFT" -> HookReturnCode.denySoft();
            default -> HookReturnCode.declined();
        };
        assertThat(TransactionMapper.reply(decision).getResult()).isEqualTo(expected);
        assertThat(TransactionMapper.later("text").getResult()).isEqualTo(HookReturnCode.denySoft());
    }
}

package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedFieldTest {

    // value | client | HELO | by; the date after the last semicolon is left out where nothing depends on it
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from client.example.com (host.example.com [192.0.2.1]) by mx2.example.org (Postfix) with ESMTP id 4F3A2; Sat, 28 Nov 2026 12:00:00 +0000 (UTC) | 192.0.2.1 | client.example.com | mx2.example.org
            from client.example.com (unknown [IPv6:2001:db8::1]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) by mx2.example.org (Postfix) with ESMTPS id 4F3A2 | 2001:db8::1 | client.example.com | mx2.example.org
            from client.example.com (unknown [192.0.2.1]) by mx2.example.org (8.17.1/8.17.1) with ESMTP id 6AS; x | 192.0.2.1 | client.example.com | mx2.example.org
            from client.example.com (host.example.com [192.0.2.1] (may be forged)) by mx2.example.org (8.17.1/8.17.1) with ESMTP id 6AS | 192.0.2.1 | client.example.com | mx2.example.org
            from [203.0.113.9] (unknown [192.0.2.1]) by mx2.example.org (Postfix) with SMTP id 1 | 192.0.2.1 | [203.0.113.9] | mx2.example.org
            from host.example.com ([192.0.2.1] helo=client.example.com) by mx2.example.org with esmtps (TLS1.3) tls TLS_AES (Exim 4.96) | 192.0.2.1 | client.example.com | mx2.example.org
            from host.example.com ([192.0.2.1]:50321 helo=[203.0.113.9]) by mx2.example.org with esmtp (Exim 4.96) | 192.0.2.1 | 203.0.113.9 | mx2.example.org
            from host.example.com ([2001:db8::1]) by mx2.example.org with esmtp (Exim 4.96) | 2001:db8::1 | host.example.com | mx2.example.org
            from [192.0.2.1] (helo=client.example.com) by mx2.example.org with esmtp (Exim 4.96) | 192.0.2.1 | client.example.com | mx2.example.org
            from [192.0.2.1] (port=50321 helo=client.example.com) by mx2.example.org with esmtp (Exim 4.96) | 192.0.2.1 | client.example.com | mx2.example.org
            from client.example.com (192.0.2.1) by EX01.example.org (198.51.100.2) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.1.2507.6; x | 192.0.2.1 | client.example.com | EX01.example.org
            """)
    void readsWhatTheServerSaw(String value, String client, String helo, String by) throws Exception {
        Optional<ReceivedField> field = ReceivedField.parse(value);
        assertThat(field).isEqualTo(Optional.of(new ReceivedField(InetAddress.getByName(client), helo, by)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "by mx2.example.org (Postfix, from userid 1000) id 4F3A2; Sat, 28 Nov 2026 12:00:00 +0000",
                "from client.example.com by mx2.example.org with SMTP; Sat, 28 Nov 2026 12:00:00 +0000",
                "from client.example.com (host.example.com) by mx2.example.org with SMTP",
                "from client.example.com (x [192.0.2.9] [192.0.2.1]) by mx2.example.org with SMTP",
                "from a (b [192.0.2.9]) (c [192.0.2.1]) d by mx2.example.org with SMTP",
                "from a b (c [192.0.2.1]) by mx2.example.org with SMTP",
                "from a (b [999.0.2.1]) by mx2.example.org with SMTP",
                "from a (host [192.0.2.1]) (Authenticated sender: bob) by mx2.example.org (Postfix) with ESMTPSA id 1",
                "from host.example.com ([192.0.2.1] helo=a) by mx2.example.org with esmtpsa (TLS1.3) (Exim 4.96)",
                "from a (b [192.0.2.1]) by mx2.example.org with ESMTPA id 1"
            })
    void hasNoOpinionOnOtherFormsAndUsersOfTheRelay(String value) {
        assertThat(ReceivedField.parse(value)).isEmpty();
    }

    @Test
    void longestFieldsAreReadWithoutFailure() {
        for (String part : new String[] {"(", ")", "()", " ()", " (())", " (()()", "[", "a ", "helo=", " ("}) {
            String text = part.repeat(2000 / part.length());
            assertThat(ReceivedField.parse("from a (b [192.0.2.1])" + text)).isEmpty();
            assertThat(ReceivedField.parse("from a " + text + " by b")).isEmpty();
        }
        assertThat(ReceivedField.parse("from a (b [192.0.2.1]) by c " + "x".repeat(2048)))
                .isEmpty();
    }

    @Property(tries = 500)
    void neverThrows(@ForAll String value) {
        assertThat(ReceivedField.parse("from " + value)).isNotNull();
    }
}

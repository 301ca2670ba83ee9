package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The TXT records of a name, by kind and length. */
class TxtRecordSetTest {

    private static final Name NAME = DomainNames.of("example.org");

    private static DnsAnswer answer(List<Record> records) {
        return new DnsAnswer.Records(records, 60, List.of(), List.of());
    }

    private static TXTRecord txt(String... strings) {
        return new TXTRecord(NAME, DClass.IN, 60, List.of(strings));
    }

    @Test
    void separatesRecordsFromOtherTexts() {
        List<Record> records = List.of(
                txt("v=spf1 -all"),
                txt("v=spf1; -all"),
                txt("spf2.0/pra -all"),
                txt("token"),
                txt("V=SPF1"),
                new ARecord(NAME, DClass.IN, 60, new byte[] {127, 0, 0, 1}));
        TxtRecordSet published = TxtRecordSet.of(NAME, answer(records));
        assertThat(published.records()).extracting(TxtRecordSet.Text::octets).containsExactly("v=spf1 -all", "V=SPF1");
        assertThat(published.lookAlikes()).extracting(TxtRecordSet.Text::octets).containsExactly("v=spf1; -all");
        assertThat(published.txtRecords()).isEqualTo(5);
    }

    @Test
    void joinsStringsAndKeepsBorders() {
        TxtRecordSet published = TxtRecordSet.of(NAME, answer(List.of(txt("", "v=sp", "f1 ", "", "-all"))));
        assertThat(published.records()).containsExactly(new TxtRecordSet.Text("v=spf1 -all", List.of(4, 7, 7)));
    }

    @Test
    void measuresWholeMessage() {
        List<Record> records = new ArrayList<>();
        for (int count = 0; count < 4; count++) {
            records.add(txt("x".repeat(200 + count), "y".repeat(count), ""));
            Message message = Message.newQuery(Record.newRecord(NAME, Type.TXT, DClass.IN));
            records.forEach(record -> message.addRecord(record, Section.ANSWER));
            message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
            assertThat(TxtRecordSet.of(NAME, answer(records)).answerOctets()).isEqualTo(message.toWire().length);
        }
    }

    @Test
    void findsNoRecordsInNoData() {
        TxtRecordSet published = TxtRecordSet.of(NAME, new DnsAnswer.NoData(null, 0));
        assertThat(published.records()).isEmpty();
        assertThat(published.lookAlikes()).isEmpty();
        assertThat(published.txtRecords()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1232, false", "1233, true"})
    void reportsResponseTooLongForUdp(int octets, boolean noted) {
        List<LintFinding> found = new ArrayList<>();
        SizeRules.checkAnswer(octets, 7, new RecordFindings(found, List.of("example.org"), "", false, true));
        assertThat(found.stream().map(LintFinding::rule)).hasSize(noted ? 1 : 0);
        if (noted) {
            assertThat(found.get(0).rule()).isEqualTo(LintRule.ANSWER_SIZE);
            assertThat(found.get(0).reason()).contains("the 7 TXT records", "about 1233 bytes");
        }
    }
}

package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.DClass;
import org.xbill.DNS.TXTRecord;

class RecordCacheTest {

    private static TXTRecord txt(String... strings) {
        return new TXTRecord(DomainNames.of("example.org"), DClass.IN, 60, List.of(strings));
    }

    private static RecordKey key(String... strings) {
        return new RecordKey(txt(strings));
    }

    @Test
    void parsesRecordOnce() {
        RecordCache cache = new RecordCache();
        PreparedRecord first = cache.read(txt("v=spf1 mx -all"));
        assertThat(cache.read(txt("v=spf1 mx -all"))).isSameAs(first);
        assertThat(cache.read(txt("v=spf1 mx ~all")).parse().text()).isEqualTo("v=spf1 mx ~all");
    }

    @Test
    void equalsForSameBytes() {
        assertThat(key("v=spf1 ip4:192.0.2.1", " -all")).isEqualTo(key("v=spf1 ip4:192.0.2.1", " -all"));
        assertThat(key("v=spf1 ip4:192.0.2.1", " -all")).hasSameHashCodeAs(key("v=spf1 ip4:192.0.2.1", " -all"));
        assertThat(key("v=spf1 -all")).isEqualByComparingTo(key("v=spf1 -all"));
    }

    @Test
    void comparisonIsByteExact() {
        String text = "v=spf1 ip4:192.0.2.77 -all";
        RecordKey key = key(text);
        for (int i = 0; i < text.length(); i++) {
            RecordKey other = key(text.substring(0, i) + "~" + text.substring(i + 1));
            assertThat(other).as("octet %d", i).isNotEqualTo(key).doesNotHaveSameHashCodeAs(key);
            assertThat(key.compareTo(other)).isNegative();
            assertThat(other.compareTo(key)).isPositive();
        }
    }

    @Test
    void ordersKeysOfDifferentStrings() {
        RecordKey one = key("v=spf1 -all");
        RecordKey two = key("v=spf1 ", "-all");
        assertThat(one).isNotEqualTo(two).isNotEqualTo("v=spf1 -all");
        assertThat(one.compareTo(two)).isNegative();
        assertThat(two.compareTo(one)).isPositive();
        assertThat(two.compareTo(key("v=spf1 ", "?all"))).isNegative();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "v=spf1 | true",
                "V=SPF1 -all | true",
                "`v=spf1 ` | true",
                "v=spf10 | false",
                "v=spf1-all | false",
                "v=spf2 -all | false",
                "a token of six | false",
                "answer is not it | false",
                "v=spf | false",
                "`` | false",
            })
    void requiresVersionAndSpace(String text, boolean spf) {
        for (int split = 0; split <= Math.min(8, text.length()); split++) {
            TXTRecord record = txt(text.substring(0, split), text.substring(split));
            DnsAnswer answer = new DnsAnswer.Records(List.of(record), 60, List.of(), List.of());
            assertThat(RecordCache.spfRecords(answer)).as("split at %d", split).hasSize(spf ? 1 : 0);
        }
    }

    @Test
    void limitsBytesOfCache() {
        RecordCache cache = new RecordCache(1_000_000);
        List<TXTRecord> records = new ArrayList<>();
        List<PreparedRecord> read = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String[] strings = new String[16];
            Arrays.fill(strings, " a".repeat(100));
            strings[0] = "v=spf1 a:h" + i;
            records.add(txt(strings));
            read.add(cache.read(records.get(i)));
        }
        // Each has 1,500 terms, which take a hundred times as much as they have characters.
        long kept = IntStream.range(0, 60)
                .filter(i -> cache.read(records.get(i)) == read.get(i))
                .count();
        assertThat(kept).isBetween(1L, 3L);
    }
}

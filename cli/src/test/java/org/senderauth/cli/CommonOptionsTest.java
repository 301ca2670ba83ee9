package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.LoopbackDnsServer;
import org.xbill.DNS.Type;
import picocli.CommandLine.TypeConversionException;

class CommonOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 53",
        "192.0.2.1:5353, 192.0.2.1, 5353",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1, 53",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1, 53",
        "[2001:db8::1]:5353, 2001:db8:0:0:0:0:0:1, 5353",
        "localhost:5353, 127.0.0.1, 5353"
    })
    void readsHostWithOptionalPort(String text, String address, int port) {
        var server = new CommonOptions.ServerConverter().convert(text);
        assertThat(server.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(server.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":53", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[2001:db8::1]:x"})
    void rejectsInvalidServer(String text) {
        assertThatThrownBy(() -> new CommonOptions.ServerConverter().convert(text))
                .isInstanceOf(TypeConversionException.class);
    }

    @Test
    void readsTimeAsIso8601OrSeconds() {
        Instant noon = Instant.parse("2024-06-15T12:00:00Z");
        assertThat(new CommonOptions.InstantConverter().convert("2024-06-15T12:00:00Z"))
                .isEqualTo(noon);
        assertThat(new CommonOptions.InstantConverter().convert("1718452800")).isEqualTo(noon);
        for (String bad : new String[] {"", "noon", "2024-06-15", "99999999999999"}) {
            assertThatThrownBy(() -> new CommonOptions.InstantConverter().convert(bad))
                    .isInstanceOf(TypeConversionException.class);
        }
    }

    @Test
    void queriesZoneFilesInsteadOfNetwork(@TempDir Path folder) throws IOException {
        CommonOptions options = new CommonOptions();
        options.zones = java.util.List.of(
                Files.writeString(folder.resolve("a"), "a.example. 60 TXT a\n"),
                Files.writeString(folder.resolve("b"), "b.example. 60 TXT b\n"));
        for (String name : new String[] {"a.example", "b.example"}) {
            assertThat(options.dns()
                            .query(DomainNames.of(name), Type.TXT)
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(DnsAnswer.Records.class);
        }
    }

    @Test
    void queriesNetworkForOtherNamesWithLive(@TempDir Path folder) throws IOException {
        ZoneDnsClient network =
                ZoneDnsClient.builder().text("b.example. 60 TXT b\n").build();
        try (LoopbackDnsServer server = LoopbackDnsServer.serving(network)) {
            CommonOptions options = new CommonOptions();
            options.zones = java.util.List.of(Files.writeString(folder.resolve("a"), "a.example. 60 TXT a\n"));
            options.server = server.address();
            for (boolean live : new boolean[] {false, true}) {
                options.live = live;
                assertThat(options.dns()
                                .query(DomainNames.of("b.example"), Type.TXT)
                                .toCompletableFuture()
                                .join())
                        .isInstanceOf(live ? DnsAnswer.Records.class : DnsAnswer.NoSuchDomain.class);
            }
        }
    }
}

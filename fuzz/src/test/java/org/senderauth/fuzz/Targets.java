package org.senderauth.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.senderauth.batv.BatvAddressFuzz;
import org.senderauth.batv.MessageContentFuzz;
import org.senderauth.callout.inmemory.CalloutSnapshotFuzz;
import org.senderauth.callout.probe.ServerReplyFuzz;
import org.senderauth.cli.CommandFilesFuzz;
import org.senderauth.cli.JsonLinesFuzz;
import org.senderauth.core.AddressFuzz;
import org.senderauth.csv.CsvFuzz;
import org.senderauth.dkim2.Dkim2MessageFuzz;
import org.senderauth.dns.DnsAnswerFuzz;
import org.senderauth.dns.ZoneFuzz;
import org.senderauth.milter.MilterHeaderFuzz;
import org.senderauth.milter.MilterPacketFuzz;
import org.senderauth.postfix.ControlRequestFuzz;
import org.senderauth.postfix.RequestFuzz;
import org.senderauth.powerdns.RemoteRequestFuzz;
import org.senderauth.redis.RedisValueFuzz;
import org.senderauth.server.ConfigFuzz;
import org.senderauth.server.ListFuzz;
import org.senderauth.server.history.HistoryFilesFuzz;
import org.senderauth.server.history.HistoryFuzz;
import org.senderauth.server.web.WebFieldsFuzz;
import org.senderauth.ses.DnsResponderFuzz;
import org.senderauth.ses.SesAddressFuzz;
import org.senderauth.spf.SpfRecordFuzz;
import org.senderauth.srs.AliasFileFuzz;
import org.senderauth.srs.SrsAddressFuzz;

/** All fuzz targets, and the seeds of each: the files of {@code corpus/NAME}. */
final class Targets {

    static final Path CORPUS = Path.of("corpus");

    private Targets() {}

    /** The targets by the names of their classes. */
    static Map<String, Consumer<byte[]>> all() {
        Map<String, Consumer<byte[]>> targets = new TreeMap<>();
        targets.put(AddressFuzz.class.getName(), AddressFuzz::fuzzerTestOneInput);
        targets.put(AliasFileFuzz.class.getName(), AliasFileFuzz::fuzzerTestOneInput);
        targets.put(BatvAddressFuzz.class.getName(), BatvAddressFuzz::fuzzerTestOneInput);
        targets.put(CalloutSnapshotFuzz.class.getName(), CalloutSnapshotFuzz::fuzzerTestOneInput);
        targets.put(CommandFilesFuzz.class.getName(), CommandFilesFuzz::fuzzerTestOneInput);
        targets.put(ConfigFuzz.class.getName(), ConfigFuzz::fuzzerTestOneInput);
        targets.put(ControlRequestFuzz.class.getName(), ControlRequestFuzz::fuzzerTestOneInput);
        targets.put(CsvFuzz.class.getName(), CsvFuzz::fuzzerTestOneInput);
        targets.put(Dkim2MessageFuzz.class.getName(), Dkim2MessageFuzz::fuzzerTestOneInput);
        targets.put(DnsAnswerFuzz.class.getName(), DnsAnswerFuzz::fuzzerTestOneInput);
        targets.put(DnsResponderFuzz.class.getName(), DnsResponderFuzz::fuzzerTestOneInput);
        targets.put(HistoryFilesFuzz.class.getName(), HistoryFilesFuzz::fuzzerTestOneInput);
        targets.put(HistoryFuzz.class.getName(), HistoryFuzz::fuzzerTestOneInput);
        targets.put(JsonLinesFuzz.class.getName(), JsonLinesFuzz::fuzzerTestOneInput);
        targets.put(KeyFilesFuzz.class.getName(), KeyFilesFuzz::fuzzerTestOneInput);
        targets.put(ListFuzz.class.getName(), ListFuzz::fuzzerTestOneInput);
        targets.put(MessageContentFuzz.class.getName(), MessageContentFuzz::fuzzerTestOneInput);
        targets.put(MilterHeaderFuzz.class.getName(), MilterHeaderFuzz::fuzzerTestOneInput);
        targets.put(MilterPacketFuzz.class.getName(), MilterPacketFuzz::fuzzerTestOneInput);
        targets.put(RedisValueFuzz.class.getName(), RedisValueFuzz::fuzzerTestOneInput);
        targets.put(RemoteRequestFuzz.class.getName(), RemoteRequestFuzz::fuzzerTestOneInput);
        targets.put(RequestFuzz.class.getName(), RequestFuzz::fuzzerTestOneInput);
        targets.put(ServerReplyFuzz.class.getName(), ServerReplyFuzz::fuzzerTestOneInput);
        targets.put(SesAddressFuzz.class.getName(), SesAddressFuzz::fuzzerTestOneInput);
        targets.put(SpfRecordFuzz.class.getName(), SpfRecordFuzz::fuzzerTestOneInput);
        targets.put(SrsAddressFuzz.class.getName(), SrsAddressFuzz::fuzzerTestOneInput);
        targets.put(WebFieldsFuzz.class.getName(), WebFieldsFuzz::fuzzerTestOneInput);
        targets.put(ZoneFuzz.class.getName(), ZoneFuzz::fuzzerTestOneInput);
        return targets;
    }

    /** The folder with the seeds of a target. */
    static Path seeds(String target) {
        return CORPUS.resolve(target.substring(target.lastIndexOf('.') + 1));
    }

    /** The seeds of a target, by the names of their files. */
    static Map<String, byte[]> read(String target) throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        try (Stream<Path> files = Files.list(seeds(target))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                seeds.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return seeds;
    }
}

package org.senderauth.powerdns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsZone;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The protocol of PowerDNS remote backends: one JSON object for each request and reply. PowerDNS queries the SOA record of a
 * name and of each ancestor, then all records (ANY) of the name. Thread-safe.
 */
final class RemoteProtocol {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEY_AND_ZONE_SIGNING = 257; // RFC 4034 section 2.1.1: zone key, secure entry point

    private final DnsZone zone;
    private final @Nullable SigningKey signingKey;

    /**
     * Creates the protocol.
     *
     * @param signingKey the private DNSSEC key, or null for unsigned zones
     */
    RemoteProtocol(DnsZone zone, @Nullable SigningKey signingKey) {
        this.zone = zone;
        this.signingKey = signingKey;
    }

    /** Returns the reply to one request; unknown requests have the result false. */
    String answer(String request) {
        JsonNode call;
        try {
            call = JSON.readTree(request);
        } catch (JsonProcessingException e) {
            return result(false);
        }
        JsonNode parameters = call.path("parameters");
        return switch (call.path("method").asText()) {
            case "initialize" -> result(true);
            case "lookup" -> lookup(parameters);
            case "getDomainInfo" -> info(parameters);
            case "getDomainKeys" -> keys(parameters);
            case "getDomainMetadata" ->
                metadata(parameters, parameters.path("kind").asText());
            case "getAllDomainMetadata" -> metadata(parameters, null);
            default -> result(false);
        };
    }

    private String lookup(JsonNode parameters) {
        Optional<Name> name = DomainNames.parse(parameters.path("qname").asText());
        if (name.isEmpty()) {
            return result(false);
        }
        String type = parameters.path("qtype").asText();
        boolean all = type.equals("ANY");
        List<Integer> types = !all
                ? List.of(Type.value(type))
                : isApex(name.get()) ? List.of(Type.SOA, Type.NS) : zone.types(name.get());
        if (types.isEmpty()) {
            return result(false);
        }
        ArrayNode records = JSON.createArrayNode();
        for (int asked : types) {
            if (asked <= 0) {
                return result(false);
            }
            ZoneAnswer answer = zone.answer(name.get(), asked, DClass.IN)
                    .toCompletableFuture()
                    .join();
            if (answer instanceof ZoneAnswer.ServerFailure) {
                // Without a result PowerDNS answers SERVFAIL.
                return "{}";
            }
            if (answer instanceof ZoneAnswer.Refused) {
                return result(false);
            }
            if (answer instanceof ZoneAnswer.Records found) {
                found.records().forEach(record -> records.add(json(record)));
            }
        }
        if (records.isEmpty() && all) {
            // For PowerDNS, a name without records does not exist, nor anything below it. No client queries this type.
            records.add(json(name.get(), "HINFO", "\"\" \"\"", 1));
        }
        return records.isEmpty() ? result(false) : result(records);
    }

    /** The data that pdnsutil requires to show a zone. */
    private String info(JsonNode parameters) {
        if (!isApex(parameters)) {
            return result(false);
        }
        String name = parameters.path("name").asText();
        return result(JSON.createObjectNode().put("id", -1).put("zone", name).put("kind", "NATIVE"));
    }

    /** One key signs both the keys and the zone. */
    private String keys(JsonNode parameters) {
        if (signingKey == null || !isApex(parameters)) {
            return result(false);
        }
        ObjectNode key = JSON.createObjectNode()
                .put("id", 1)
                .put("flags", KEY_AND_ZONE_SIGNING)
                .put("active", true)
                .put("published", true)
                .put("content", signingKey.text());
        return result(JSON.createArrayNode().add(key));
    }

    /** Names are created by queries, so there is no chain of them: each is denied alone (RFC 7129 appendix B). */
    private String metadata(JsonNode parameters, @Nullable String kind) {
        if (signingKey == null || !isApex(parameters)) {
            return result(false);
        }
        ObjectNode all = JSON.createObjectNode();
        all.putArray("NSEC3NARROW").add("1");
        all.putArray("NSEC3PARAM").add("1 0 0 -"); // RFC 9276 section 3.1: no iterations, no salt
        if (kind == null) {
            return result(all);
        }
        return all.has(kind) ? result(all.get(kind)) : result(false);
    }

    private boolean isApex(JsonNode parameters) {
        return DomainNames.parse(parameters.path("name").asText())
                .filter(this::isApex)
                .isPresent();
    }

    private boolean isApex(Name name) {
        return zone.names().contains(name);
    }

    private static ObjectNode json(Record record) {
        return json(record.getName(), Type.string(record.getType()), record.rdataToString(), record.getTTL());
    }

    private static ObjectNode json(Name name, String type, String content, long ttl) {
        return JSON.createObjectNode()
                .put("qtype", type)
                .put("qname", name.toString())
                .put("content", content)
                .put("ttl", ttl);
    }

    private static String result(boolean value) {
        return "{\"result\":" + value + "}";
    }

    private static String result(JsonNode value) {
        try {
            return JSON.writeValueAsString(JSON.createObjectNode().set("result", value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}

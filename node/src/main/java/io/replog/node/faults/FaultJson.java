package io.replog.node.faults;

import io.replog.core.quorum.NodeId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Between {@link FaultSettings} and the JSON of {@code /faults}. Strict: what is not understood is refused. */
final class FaultJson {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");
    private static final String ACCEPTED_DURATION = "accepted are durations with their unit, such as 500ms, 5s or 1m";

    private final JsonMapper mapper;

    FaultJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** @throws FaultSyntaxException where it is not understood */
    FaultSettings read(String body) {
        JsonNode root;
        try {
            root = mapper.readTree(body);
        } catch (JacksonException e) {
            throw new FaultSyntaxException("the body is not JSON: " + e.getOriginalMessage());
        }
        Fields top = new Fields("", root);
        Fields clients = top.object("clients");
        Fields peers = top.object("peers");
        FaultSettings settings = new FaultSettings(
                top.duration("delay"),
                orZero(top.duration("jitter")),
                new FaultSettings.Clients(
                        clients.rate("dropRequests"), clients.rate("dropReplies"), clients.rate("errorRate")),
                new FaultSettings.Peers(
                        peers.rate("dropRequests"),
                        peers.rate("dropReplies"),
                        peers.rate("errorRate"),
                        peers.rate("duplicate"),
                        peers.nodes("block"),
                        peers.nodes("blockFrom"),
                        peers.nodes("blockTo"),
                        peers.nodes("blockEntries")),
                top.count("crashAfter"),
                orZero(top.duration("fsyncDelay")));
        top.refuseOthers();
        clients.refuseOthers();
        peers.refuseOthers();
        return settings;
    }

    String write(FaultSettings settings) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        Duration delay = settings.delay();
        json.put("delay", delay == null ? null : text(delay));
        json.put("jitter", text(settings.jitter()));
        FaultSettings.Clients clients = settings.clients();
        Map<String, Object> clientJson = new LinkedHashMap<>();
        clientJson.put("dropRequests", clients.dropRequests());
        clientJson.put("dropReplies", clients.dropReplies());
        clientJson.put("errorRate", clients.errorRate());
        json.put("clients", clientJson);
        FaultSettings.Peers peers = settings.peers();
        Map<String, Object> peerJson = new LinkedHashMap<>();
        peerJson.put("dropRequests", peers.dropRequests());
        peerJson.put("dropReplies", peers.dropReplies());
        peerJson.put("errorRate", peers.errorRate());
        peerJson.put("duplicate", peers.duplicate());
        peerJson.put("block", names(peers.block()));
        peerJson.put("blockFrom", names(peers.blockFrom()));
        peerJson.put("blockTo", names(peers.blockTo()));
        peerJson.put("blockEntries", names(peers.blockEntries()));
        json.put("peers", peerJson);
        json.put("crashAfter", settings.crashAfter() == 0 ? null : settings.crashAfter());
        json.put("fsyncDelay", text(settings.fsyncDelay()));
        return mapper.writeValueAsString(json);
    }

    private static List<String> names(Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::value).sorted().toList();
    }

    private static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static Duration orZero(@Nullable Duration duration) {
        return duration == null ? Duration.ZERO : duration;
    }

    /** The fields of one object, each asked for once. */
    private static final class Fields {
        private final String prefix;
        private final JsonNode node;
        private final Set<String> known = new TreeSet<>();

        Fields(String prefix, JsonNode node) {
            this.prefix = prefix;
            this.node = node;
            if (!node.isObject()) {
                throw new FaultSyntaxException(
                        (prefix.isEmpty() ? "the body" : "'" + prefix + "'") + ": accepted is a JSON object");
            }
        }

        Fields object(String name) {
            JsonNode value = value(name);
            return new Fields(path(name), value == null ? JsonMapper.shared().createObjectNode() : value);
        }

        @Nullable Duration duration(String name) {
            JsonNode value = value(name);
            if (value == null) {
                return null;
            }
            Matcher matcher = DURATION.matcher(value.isString() ? value.stringValue() : "");
            if (!matcher.matches()) {
                throw refused(name, value, ACCEPTED_DURATION);
            }
            long amount = Long.parseLong(matcher.group(1));
            Duration duration =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        default -> Duration.ofMinutes(amount);
                    };
            if (duration.compareTo(Duration.ofDays(1)) > 0) {
                throw refused(name, value, ACCEPTED_DURATION + ", up to a day");
            }
            return duration;
        }

        double rate(String name) {
            JsonNode value = value(name);
            if (value == null) {
                return 0;
            }
            if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
                throw refused(name, value, "accepted are numbers from 0 to 1");
            }
            return value.doubleValue();
        }

        long count(String name) {
            JsonNode value = value(name);
            if (value == null) {
                return 0;
            }
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
                throw refused(name, value, "accepted are whole numbers from 1");
            }
            return value.intValue();
        }

        Set<NodeId> nodes(String name) {
            JsonNode value = value(name);
            if (value == null) {
                return Set.of();
            }
            if (!value.isArray()) {
                throw refused(name, value, "accepted is a list of node ids");
            }
            Set<NodeId> nodes = new TreeSet<>();
            for (JsonNode item : value) {
                try {
                    nodes.add(new NodeId(item.isString() ? item.stringValue() : ""));
                } catch (IllegalArgumentException e) {
                    throw refused(name, item, "accepted is a list of node ids");
                }
            }
            return Set.copyOf(nodes);
        }

        void refuseOthers() {
            for (String name : node.propertyNames()) {
                if (!known.contains(name)) {
                    throw new FaultSyntaxException(
                            "unknown field '" + path(name) + "': accepted are " + String.join(", ", known));
                }
            }
        }

        private @Nullable JsonNode value(String name) {
            known.add(name);
            JsonNode value = node.get(name);
            return value == null || value.isNull() ? null : value;
        }

        private FaultSyntaxException refused(String name, JsonNode value, String accepted) {
            return new FaultSyntaxException("'" + path(name) + "' is " + value + ": " + accepted);
        }

        private String path(String name) {
            return prefix.isEmpty() ? name : prefix + "." + name;
        }
    }
}

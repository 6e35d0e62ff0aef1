package io.replog.cli;

import io.replog.api.client.NodeClient;
import io.replog.api.client.RefusedException;
import io.replog.api.client.ReplogClient;
import io.replog.api.fault.Faults;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "faults",
        description = "Shows, sets or ends what a node does wrong on purpose. The node must have been started with"
                + " replog.faults.enabled=true.",
        footer = {
            "  replog-test-client faults --node secondary-1",
            "  replog-test-client faults --node secondary-1 --set '{\"delay\":\"2s\"}'",
            "  replog-test-client faults --node secondary-1 --heal",
        })
final class FaultsCommand extends ClientCommand {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Option(names = "--node", required = true, paramLabel = "ID", description = "Which node.")
    private String node;

    @Option(names = "--set", paramLabel = "JSON", description = "What it is to do wrong from now on.")
    private @Nullable String faults;

    @Option(names = "--heal", description = "End all faults.")
    private boolean heal;

    @Override
    int run(ReplogClient client) {
        try (NodeClient one = root().node(client, node)) {
            if (heal) {
                one.heal();
            } else if (faults != null) {
                one.setFaults(parse(faults));
            }
            console().json(one.faults());
            return ExitStatus.DONE;
        } catch (RefusedException e) {
            if (e.problem().status() != 404) {
                throw e;
            }
            console().error("node '" + node + "' injects no faults: start it with replog.faults.enabled=true");
            return ExitStatus.REFUSED;
        }
    }

    private static Faults parse(String json) {
        try {
            return STRICT.readValue(json, Faults.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("--set: " + e.getOriginalMessage(), e);
        }
    }
}

package io.replog.cli;

import io.replog.api.client.NodeClient;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.cluster.MemberView;
import io.replog.api.cluster.NodeHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "health",
        description = "Asks every node for its health. Exit status 1 where the cluster would refuse a write.",
        footer = "  replog-test-client health --url http://127.0.0.1:5001")
final class HealthCommand extends ClientCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    int run(ReplogClient client) {
        Map<String, @Nullable NodeHealth> answers = new LinkedHashMap<>();
        for (MemberView member : client.cluster().members()) {
            answers.put(member.id(), ask(client, member.id()));
        }
        boolean writable =
                answers.values().stream().anyMatch(health -> health != null && health.quorum() && !health.readOnly());
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("writable", writable);
            result.put("nodes", answers);
            console().json(result);
        } else {
            show(answers);
        }
        return writable ? ExitStatus.DONE : ExitStatus.REFUSED;
    }

    private @Nullable NodeHealth ask(ReplogClient client, String id) {
        Duration patience = root().timeout().compareTo(PATIENCE) < 0 ? root().timeout() : PATIENCE;
        try (NodeClient node = client.node(id, patience)) {
            return node == null ? null : node.health();
        } catch (ReplogException e) {
            return null;
        }
    }

    private void show(Map<String, @Nullable NodeHealth> answers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "status", "role", "term", "leader", "quorum", "sees"));
        answers.forEach((id, health) -> {
            if (health == null) {
                rows.add(List.of(id, "no answer", "", "", "", "", ""));
                return;
            }
            List<String> sees = new ArrayList<>();
            health.members().forEach(member -> sees.add(member.id() + " " + member.status()));
            rows.add(List.of(
                    id,
                    health.status(),
                    health.role(),
                    Long.toString(health.term()),
                    health.leader() == null ? "unknown" : health.leader(),
                    health.quorum() ? "yes" : "no",
                    String.join(", ", sees)));
        });
        console().table(rows);
    }
}

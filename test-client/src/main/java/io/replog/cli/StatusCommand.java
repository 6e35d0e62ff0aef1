package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.cluster.ClusterView;
import io.replog.api.cluster.MemberView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Shows the view of the cluster: who leads, who is healthy, who lags.",
        footer = "  replog-test-client status --json")
final class StatusCommand extends ClientCommand {
    @Override
    int run(ReplogClient client) {
        ClusterView view = client.cluster();
        if (json()) {
            console().json(view);
            return ExitStatus.DONE;
        }
        String leader = view.leader() == null ? "no leader" : "leader " + view.leader();
        console()
                .line("view " + view.view() + ", term " + view.term() + ", " + leader + ", "
                        + (view.writable()
                                ? console().green("writable")
                                : console().red("read-only")) + ", committed "
                        + view.commitIndex() + " of " + view.lastIndex());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "url", "kind", "role", "status", "match", "lag"));
        for (MemberView member : view.members()) {
            rows.add(List.of(
                    member.id(),
                    member.url(),
                    member.kind(),
                    member.role(),
                    member.status(),
                    text(member.matchIndex()),
                    text(member.lag())));
        }
        console().table(rows);
        return ExitStatus.DONE;
    }

    private static String text(@Nullable Long number) {
        return number == null ? "?" : number.toString();
    }
}

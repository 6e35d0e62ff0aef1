package io.replog.node.web.cluster;

import io.replog.api.cluster.ClusterView;
import io.replog.api.cluster.MemberHealth;
import io.replog.api.cluster.MemberView;
import io.replog.api.cluster.NodeHealth;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.ReplicatedLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How this node sees itself and its cluster. Never waits for anything. */
@RestController
public final class StatusController {
    private final ReplicatedLog log;

    public StatusController(ReplicatedLog log) {
        this.log = log;
    }

    @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
    NodeHealth health() {
        ReplicaStatus status = log.status();
        List<MemberHealth> members = status.members().stream()
                .map(member -> new MemberHealth(
                        member.member().id().value(),
                        Names.of(member.health()),
                        Names.of(member.role()),
                        Names.of(member.member().kind())))
                .toList();
        return new NodeHealth(
                "UP",
                log.self().value(),
                Names.of(status.role()),
                status.term(),
                nameOf(status.leader()),
                status.quorum(),
                !isWritable(status),
                members);
    }

    @GetMapping(path = "/cluster", produces = MediaType.APPLICATION_JSON_VALUE)
    ClusterView cluster() {
        ReplicaStatus status = log.status();
        List<MemberView> members =
                status.members().stream().map(member -> view(status, member)).toList();
        String leaderUrl = status.members().stream()
                .map(ReplicaStatus.MemberStatus::member)
                .filter(member -> member.id().equals(status.leader()))
                .map(Member::url)
                .findFirst()
                .orElse(null);
        return new ClusterView(
                status.view(),
                status.term(),
                nameOf(status.leader()),
                leaderUrl,
                status.commitIndex(),
                status.lastIndex(),
                isWritable(status),
                members);
    }

    private MemberView view(ReplicaStatus status, ReplicaStatus.MemberStatus of) {
        Member member = of.member();
        boolean known = status.role() == Role.LEADER || member.id().equals(log.self());
        long newest = Math.max(status.lastIndex(), status.commitIndex());
        return new MemberView(
                member.id().value(),
                member.url(),
                Names.of(member.kind()),
                Names.of(of.role()),
                member.priority(),
                Names.of(of.health()),
                known ? of.matchIndex() : null,
                known ? Math.max(0, newest - of.matchIndex()) : null);
    }

    /** A follower takes writes for a leader that it hears. */
    private static boolean isWritable(ReplicaStatus status) {
        return status.role() == Role.LEADER ? status.writable() : status.leader() != null && status.quorum();
    }

    private static @Nullable String nameOf(@Nullable NodeId id) {
        return id == null ? null : id.value();
    }
}

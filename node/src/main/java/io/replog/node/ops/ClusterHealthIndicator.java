package io.replog.node.ops;

import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.ReplicatedLog;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready is a node that knows a leader and is not catching up. */
public final class ClusterHealthIndicator implements HealthIndicator {
    private final ReplicatedLog log;

    public ClusterHealthIndicator(ReplicatedLog log) {
        this.log = log;
    }

    @Override
    public Health health() {
        ReplicaStatus status = log.status();
        String stranded = status.stranded();
        String reason = null;
        if (stranded != null) {
            reason = stranded;
        } else if (status.leader() == null) {
            reason = "no leader is known";
        } else if (status.catchingUp()) {
            reason = "the node still lacks entries that were committed when it came up, or its vote";
        }
        Health.Builder health =
                reason == null ? Health.up() : Health.outOfService().withDetail("reason", reason);
        Map<String, String> members = new LinkedHashMap<>();
        status.members().forEach(member -> members.put(member.member().id().value(), lower(member.health())));
        return health.withDetail("node", log.self().value())
                .withDetail("role", lower(status.role()))
                .withDetail("term", status.term())
                .withDetail("leader", String.valueOf(status.leader()))
                .withDetail("quorum", status.quorum())
                .withDetail("writable", status.writable())
                .withDetail("catchingUp", status.catchingUp())
                .withDetail("commitIndex", status.commitIndex())
                .withDetail("durableIndex", status.durableIndex())
                .withDetail("members", members)
                .build();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

package io.replog.node.ops;

import io.replog.core.kv.KvMap;
import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.ReplicaStatus.Health;
import io.replog.core.replica.ReplicaStatus.MemberStatus;
import io.replog.core.replica.Role;
import io.replog.core.statemachine.StateMachineView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statuses of a node that has one other member, {@link #OTHER}. */
final class Statuses {
    static final NodeId SELF = new NodeId("self");
    static final NodeId OTHER = new NodeId("other");

    private Statuses() {}

    static ReplicaStatus status(Role role, long term, @Nullable NodeId leader, Health other) {
        Member member = new Member(OTHER, "http://127.0.0.1:1", MemberKind.VOTER, 1, 1);
        return new ReplicaStatus(
                new ClusterId(1, 1),
                role,
                term,
                leader,
                3,
                0,
                0,
                0,
                leader != null,
                role == Role.LEADER,
                false,
                null,
                List.of(new MemberStatus(member, Role.FOLLOWER, other, 0)),
                new StateMachineView(0, 0, KvMap.EMPTY));
    }

    static ReplicaStatus status(Role role, long term, @Nullable NodeId leader) {
        return status(role, term, leader, Health.HEALTHY);
    }
}

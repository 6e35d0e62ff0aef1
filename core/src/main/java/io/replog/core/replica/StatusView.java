package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import io.replog.core.replica.ReplicaStatus.MemberStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status for other threads, made anew only when something changed. */
final class StatusView {
    private final ReplicaState state;
    private final QuorumContact quorumContact;
    private @Nullable ReplicaStatus last;

    StatusView(ReplicaState state, QuorumContact quorumContact) {
        this.state = state;
        this.quorumContact = quorumContact;
    }

    ReplicaStatus current() {
        ReplicaStatus status = last;
        if (state.takeChanged() || status == null) {
            status = build();
            last = status;
        }
        return status;
    }

    private ReplicaStatus build() {
        NodeId leader = state.leader();
        boolean inContact = state.role instanceof LeaderState leading && quorumContact.isFresh(leading);
        return new ReplicaStatus(
                state.cluster(),
                state.shownRole(),
                state.term(),
                leader,
                state.log.control().view(),
                state.log.commitIndex(),
                state.log.lastIndex(),
                state.log.durableIndex(),
                state.leads() ? inContact : leader != null,
                inContact,
                !state.leads() && (state.isCatchingUp() || lacksItsVote()),
                state.stranded,
                members(leader),
                state.machine.view());
    }

    /** Whether it is a voter whose disk the membership does not have yet: until it does, others may not fail. */
    private boolean lacksItsVote() {
        Member self = state.selfMember();
        return self != null && self.kind().votes() && self.incarnation() != state.incarnation();
    }

    private List<MemberStatus> members(@Nullable NodeId leader) {
        List<MemberStatus> members = new ArrayList<>();
        for (Member member : state.membership().members()) {
            members.add(member(member, leader));
        }
        return List.copyOf(members);
    }

    private MemberStatus member(Member member, @Nullable NodeId leader) {
        if (member.id().equals(state.self)) {
            return new MemberStatus(member, state.shownRole(), Health.HEALTHY, state.log.durableIndex());
        }
        if (state.role instanceof LeaderState leading) {
            Progress peer = leading.peer(member.id());
            if (peer == null) {
                return new MemberStatus(member, state.passiveRole(member, 0), Health.UNHEALTHY, 0);
            }
            return new MemberStatus(member, state.passiveRole(member, peer.incarnation), peer.health, peer.matchIndex);
        }
        return new MemberStatus(
                member,
                member.id().equals(leader) ? Role.LEADER : state.passiveRole(member, member.incarnation()),
                state.knownHealth.of(member.id(), state.now()),
                0);
    }
}

package io.replog.core.replica;

import io.replog.core.protocol.PeerMessage.TimeoutNow;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hand-over of the lead (§3.10): writes are held back, the target is brought up to date and told to campaign at once. No
 * request fails by it: where it succeeds, the writes held back are refused as for another node, so that they go there;
 * where it does not within an election time-out, they are taken after all.
 */
final class Transfers {
    private final ReplicaState state;
    private final ArrayDeque<Input.Append> held = new ArrayDeque<>();
    private long heldBytes;
    private @Nullable NodeId target;
    private long requestId;
    private boolean requested;
    private long until;
    private boolean told;
    private long toldAt;
    private boolean leadLost;

    Transfers(ReplicaState state) {
        this.state = state;
    }

    boolean underWay() {
        return target != null;
    }

    void onTransfer(Input.TransferLeadership input) {
        if (!(state.role instanceof LeaderState leader)) {
            respond(input.requestId(), Refusal.NOT_LEADER);
        } else if (state.now() >= input.deadline()) {
            respond(input.requestId(), Refusal.DEADLINE);
        } else if (!state.membership().contains(input.target())) {
            respond(input.requestId(), Refusal.UNKNOWN_MEMBER);
        } else if (input.target().equals(state.self)) {
            state.respond(input.requestId(), new Outcome.Done());
        } else if (underWay()) {
            respond(input.requestId(), Refusal.CHANGE_IN_PROGRESS);
        } else {
            Progress peer = leader.peer(input.target());
            if (peer == null || !mayTakeOver(leader, peer)) {
                respond(input.requestId(), Refusal.MEMBER_NOT_READY);
            } else {
                begin(peer, input.deadline());
                requested = true;
                requestId = input.requestId();
            }
        }
    }

    void onPrepareToStop(Input.PrepareToStop input) {
        Progress best = state.role instanceof LeaderState leader && !underWay() ? bestSuccessor(leader) : null;
        if (best == null) {
            // It does not lead, or nobody could: then there is nothing to wait for.
            state.respond(input.requestId(), new Outcome.Done());
            return;
        }
        begin(best, input.deadline());
        requested = true;
        requestId = input.requestId();
    }

    @Nullable Progress bestSuccessor(LeaderState leader) {
        return leader.peers().stream()
                .filter(peer -> mayTakeOver(leader, peer))
                .max(Comparator.<Progress>comparingInt(peer -> peer.member.priority())
                        .thenComparingLong(peer -> peer.matchIndex))
                .orElse(null);
    }

    /** Whether {@code peer} is a voter that could lead within a moment. */
    boolean mayTakeOver(LeaderState leader, Progress peer) {
        return peer.mayLead() && peer.health == Health.HEALTHY && peer.matchIndex >= leader.lastIndexAtTickBefore;
    }

    /** Begins a hand-over that nobody asked for. */
    void begin(Progress peer) {
        begin(peer, Input.NO_DEADLINE);
    }

    private void begin(Progress peer, long deadline) {
        target = peer.id;
        requested = false;
        until = Math.min(deadline, state.now() + state.timing().electionTimeout());
        told = false;
        leadLost = false;
        state.touch();
    }

    /**
     * Moves a hand-over on, or ends it; at the end of each step.
     *
     * @return the writes that were held back, where it has ended: to be taken or refused like any other
     */
    List<Input.Append> proceed() {
        if (target == null) {
            return List.of();
        }
        NodeId leader = state.leader();
        if (state.role instanceof LeaderState leading && !leadLost) {
            tell(leading, target);
        } else if (leader != null) {
            return end(leader.equals(target) ? new Outcome.Done() : new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        }
        return state.now() < until ? List.of() : end(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
    }

    /** Tells the target to campaign once it holds the whole log; again after a while, for the message may be lost. */
    private void tell(LeaderState leader, NodeId successor) {
        Progress peer = leader.peer(successor);
        boolean due = !told || state.now() - toldAt >= state.timing().heartbeatInterval();
        if (peer != null && due && peer.matchIndex == state.log.lastIndex()) {
            told = true;
            toldAt = state.now();
            state.send(successor, new TimeoutNow());
        }
    }

    /**
     * Keeps {@code input} while the lead is handed over.
     *
     * @return false where no hand-over is under way
     */
    boolean holdBack(Input.Append input) {
        if (target == null) {
            return false;
        }
        if (held.size() >= state.limits().waiting()) {
            respond(input.requestId(), Refusal.OVERLOADED);
        } else {
            held.add(input);
            heldBytes += input.request().frameBytes();
        }
        return true;
    }

    /** Bytes of the log that the writes held back would take. */
    long heldBytes() {
        return heldBytes;
    }

    long nextDeadline() {
        return target == null ? Long.MAX_VALUE : until;
    }

    void leadershipLost() {
        if (target != null) {
            // Who leads now shows in a moment; until then the writes held back wait.
            leadLost = true;
            until = state.now() + state.timing().electionTimeout();
        }
    }

    private List<Input.Append> end(Outcome outcome) {
        target = null;
        state.touch();
        if (requested) {
            requested = false;
            state.respond(requestId, outcome);
        }
        List<Input.Append> released = new ArrayList<>(held);
        held.clear();
        heldBytes = 0;
        return released;
    }

    private void respond(long request, Refusal reason) {
        state.respond(request, new Outcome.Refused(reason));
    }
}

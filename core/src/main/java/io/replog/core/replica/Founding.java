package io.replog.core.replica;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.Payload;
import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage.HelloReply;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a cluster comes to be: the founder asks all configured members who they are. Where nobody holds data and a majority
 * of the voters is there, itself included, it writes the founding membership and campaigns. Where somebody does, it waits
 * to be taken in, or, as the fixed leader that nobody can take in, says so. A node whose log was set aside founds nothing:
 * it asks too, and where all others that could hold data answer that they hold none, there is nothing to wait for.
 */
final class Founding {
    /** A fixed leader needs nobody's answer, so it gives the others longer to say that they hold data. */
    private static final int FIXED_GRACE = 3;

    private final ReplicaState state;
    private final Elections elections;
    private final Map<NodeId, Long> blankPeers = new HashMap<>();
    private final long graceUntil;
    private boolean dataFound;
    private boolean campaignDue;

    Founding(ReplicaState state, Elections elections) {
        this.state = state;
        this.elections = elections;
        long grace = state.timing().electionTimeout() * (state.config.fixedLeader() ? FIXED_GRACE : 1);
        graceUntil = state.now() + grace;
    }

    private boolean isUnderWay() {
        return state.config.founder() && !state.setAside && isOpen();
    }

    private boolean seeksItsData() {
        return state.setAside && isOpen();
    }

    private boolean isOpen() {
        return state.log.isEmpty() && !dataFound && state.leader() == null;
    }

    /** Asks again with each heartbeat interval. */
    void onTick() {
        if (isUnderWay()) {
            state.askConfigured();
            foundWhereReady();
        } else if (seeksItsData()) {
            state.askConfigured();
        }
    }

    void onHello(NodeId from) {
        state.send(from, new HelloReply(state.log.durableIndex()));
    }

    void onHelloReply(PeerEnvelope envelope, HelloReply reply) {
        if (!state.config.configured().contains(envelope.from())) {
            return;
        }
        if (seeksItsData()) {
            heardOfData(envelope, reply);
        }
        if (!isUnderWay()) {
            return;
        }
        if (!envelope.cluster().isNone()) {
            dataFound = true;
            if (state.config.fixedLeader()) {
                strand("this node's disk is empty, but " + envelope.from() + " holds data of cluster "
                        + envelope.cluster()
                        + ": bring this node's data back; or, to begin anew without what they hold, empty their data"
                        + " directories too");
            }
            return;
        }
        blankPeers.put(envelope.from(), envelope.incarnation());
        foundWhereReady();
    }

    private void heardOfData(PeerEnvelope envelope, HelloReply reply) {
        if (reply.lastIndex() > 0) {
            dataFound = true;
            return;
        }
        blankPeers.put(envelope.from(), envelope.incarnation());
        List<NodeId> others = state.config.configured().members().stream()
                .filter(member -> member.kind().bearsData())
                .map(Member::id)
                .filter(id -> !id.equals(state.self))
                .toList();
        // Whoever leads is heard before: members may have come that this node's settings do not know.
        if (state.now() >= graceUntil && blankPeers.keySet().containsAll(others)) {
            state.emit(new Effect.DataLost("the log of " + state.self
                    + " was damaged and is set aside in its data directory as *.damaged, and no other member has the"
                    + " data: " + others + " hold nothing; bring a good copy of a node's data directory back, or, to"
                    + " begin anew without what is lost, empty the data directory of this node too"));
        }
    }

    private void strand(String reason) {
        state.stranded = reason;
        state.emit(new Effect.Stranded(reason));
    }

    private void foundWhereReady() {
        Membership configured = state.config.configured();
        boolean allAnswered = blankPeers.size() >= configured.members().size() - 1;
        boolean mayProceed = allAnswered || state.now() >= graceUntil;
        long voters = configured.members().stream()
                .filter(member -> member.kind().votes())
                .filter(member -> member.id().equals(state.self) || blankPeers.containsKey(member.id()))
                .count();
        if (mayProceed && voters >= configured.majority()) {
            found(configured);
        }
    }

    private void found(Membership configured) {
        if (state.isBlank()) {
            state.joinCluster(newCluster());
        }
        Membership founding =
                new Membership(configured.members().stream().map(this::withDisk).toList());
        EntryHeader header = new EntryHeader(1, 1, 0, state.wallClockMillis(), 0, 0);
        state.append(EntryCodec.frameControl(header, new Payload.MembershipChange(1, founding)));
        campaignDue = true;
    }

    /** Nobody hears of the cluster before its founding is durable here: so a founder that stops before may found again. */
    void onFlushed() {
        if (campaignDue) {
            campaignDue = false;
            elections.campaign(false, "founds the cluster");
        }
    }

    private Member withDisk(Member member) {
        if (!member.kind().votes()) {
            return member.withIncarnation(Member.UNBOUND);
        }
        boolean self = member.id().equals(state.self);
        return member.withIncarnation(
                self ? state.incarnation() : blankPeers.getOrDefault(member.id(), Member.UNBOUND));
    }

    private ClusterId newCluster() {
        long high = state.random.nextLong();
        return new ClusterId(high == 0 ? 1 : high, state.random.nextLong());
    }
}

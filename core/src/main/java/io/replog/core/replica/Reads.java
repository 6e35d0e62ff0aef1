package io.replog.core.replica;

import io.replog.core.protocol.PeerMessage.ReadIndex;
import io.replog.core.protocol.PeerMessage.ReadIndexReply;
import io.replog.core.quorum.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads (ReadIndex, §6.4). The leader notes its commit index once an entry of its own term is committed, and
 * answers when a round of heartbeats that began afterwards is answered by a majority: then no other node can have led in
 * between. Reads that come while a round is on the way share the next one. Other nodes ask the leader for the index, all
 * their waiting reads with one question, and ask again when the leader changes.
 */
final class Reads {
    /** A read without an answer is given up after this many election time-outs, whatever its deadline. */
    private static final int PATIENCE = 4;

    private final ReplicaState state;
    private final QuorumContact quorumContact;
    private final Replication replication;
    private final DeadlineHeap<PendingRead> deadlines = new DeadlineHeap<>();

    /** Those that wait for a round to begin; at a follower, for a question to be asked. */
    private List<PendingRead> waiting = new ArrayList<>();

    /** Those that share the round or question on the way. */
    private List<PendingRead> asked = new ArrayList<>();

    /** Those that wait until their index is applied, in the order of their indexes. */
    private final ArrayDeque<PendingRead> confirmed = new ArrayDeque<>();

    /** At the leader: the round that confirms {@link #asked}. */
    private long askedRound;

    private long askedIndex;

    /** At a follower: number of the newest question, when and whom it was asked. */
    private long question;

    private long questionAt;
    private @Nullable NodeId questioned;

    Reads(ReplicaState state, QuorumContact quorumContact, Replication replication) {
        this.state = state;
        this.quorumContact = quorumContact;
        this.replication = replication;
    }

    void onRead(Input.Read input) {
        if (state.now() >= input.deadline()) {
            state.respond(input.requestId(), new Outcome.Refused(Refusal.DEADLINE));
            return;
        }
        if (waiting.size() + asked.size() + confirmed.size() >= state.limits().waiting()) {
            state.respond(input.requestId(), new Outcome.Refused(Refusal.OVERLOADED));
            return;
        }
        long patience = state.now() + PATIENCE * state.timing().electionTimeout();
        PendingRead read = new PendingRead(input.requestId(), Math.min(input.deadline(), patience), null);
        waiting.add(read);
        deadlines.add(read);
    }

    /** A follower asks. */
    void onReadIndex(NodeId from, long id) {
        if (state.leads()) {
            long patience = state.now() + PATIENCE * state.timing().electionTimeout();
            PendingRead read = new PendingRead(id, patience, from);
            waiting.add(read);
            deadlines.add(read);
        } else {
            state.send(from, new ReadIndexReply(id, false, 0));
        }
    }

    void onReadIndexReply(NodeId from, ReadIndexReply reply) {
        if (state.leads() || reply.id() != question || !from.equals(questioned)) {
            return;
        }
        if (reply.confirmed()) {
            questioned = null;
            confirm(reply.index());
        } else {
            // Whoever was asked does not lead; it is asked again after a while, the next leader at once.
            waiting.addAll(0, asked);
            asked = new ArrayList<>();
            questionAt = state.now();
        }
    }

    /** Ends what can be ended and asks what is to be asked; at the end of each step. */
    void proceed() {
        if (state.role instanceof LeaderState leader) {
            lead(leader);
        } else {
            follow();
        }
        answerApplied();
    }

    private void lead(LeaderState leader) {
        if (waiting.isEmpty() && asked.isEmpty()) {
            return;
        }
        if (!asked.isEmpty() && quorumContact.confirmedRound(leader) >= askedRound) {
            confirm(askedIndex);
        }
        // Before an entry of the own term is committed, what is committed is not known (§6.4, step 1).
        if (asked.isEmpty() && !waiting.isEmpty() && leader.ownTermCommitted(state.log.commitIndex())) {
            asked = waiting;
            waiting = new ArrayList<>();
            askedIndex = state.log.commitIndex();
            replication.heartbeat(leader);
            askedRound = leader.round;
            // A voter that is alone confirms itself.
            if (quorumContact.confirmedRound(leader) >= askedRound) {
                confirm(askedIndex);
            }
        }
    }

    private void follow() {
        NodeId leader = state.leader();
        if (leader == null) {
            return;
        }
        boolean patient = leader.equals(questioned)
                && state.now() - questionAt < state.timing().heartbeatInterval();
        if (patient) {
            return;
        }
        waiting.addAll(0, asked);
        asked = new ArrayList<>();
        if (!waiting.isEmpty()) {
            asked = waiting;
            waiting = new ArrayList<>();
            question++;
            questionAt = state.now();
            questioned = leader;
            state.send(leader, new ReadIndex(question));
        }
    }

    private void confirm(long index) {
        for (PendingRead read : asked) {
            if (read.from == null) {
                read.index = index;
                confirmed.add(read);
            } else {
                deadlines.remove(read);
                state.send(read.from, new ReadIndexReply(read.requestId, true, index));
            }
        }
        asked = new ArrayList<>();
    }

    private void answerApplied() {
        while (!confirmed.isEmpty() && (state.isWitness() || confirmed.peek().index <= state.machine.appliedIndex())) {
            PendingRead read = confirmed.remove();
            deadlines.remove(read);
            state.respond(read.requestId, new Outcome.ReadReady(read.index));
        }
    }

    long nextDeadline() {
        return deadlines.earliest();
    }

    void onTime() {
        for (PendingRead read = deadlines.poll(state.now()); read != null; read = deadlines.poll(state.now())) {
            Predicate<PendingRead> same = read::equals;
            if (!waiting.removeIf(same) && !asked.removeIf(same)) {
                confirmed.removeIf(same);
            }
            if (read.from == null) {
                state.respond(read.requestId, new Outcome.Refused(Refusal.NO_QUORUM));
            } else {
                state.send(read.from, new ReadIndexReply(read.requestId, false, 0));
            }
        }
    }

    /** This node's own reads go to the next leader; followers are told to do the same. */
    void leadershipLost() {
        waiting.addAll(0, asked);
        asked = new ArrayList<>();
        questioned = null;
        List<PendingRead> all = waiting;
        waiting = new ArrayList<>();
        for (PendingRead read : all) {
            if (read.from == null) {
                waiting.add(read);
            } else {
                deadlines.remove(read);
                state.send(read.from, new ReadIndexReply(read.requestId, false, 0));
            }
        }
    }

    void leadershipGained() {
        waiting.addAll(0, asked);
        asked = new ArrayList<>();
        questioned = null;
    }
}

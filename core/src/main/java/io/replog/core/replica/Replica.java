package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.NodeId;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One member of a cluster as a deterministic state machine: inputs go in, effects come out (Raft, as in Ongaro's
 * dissertation). It has no clock, no threads and does no I/O. Not thread-safe: one thread owns it.
 *
 * <p>It only hands inputs to the handlers of the several concerns, which share one {@link ReplicaState}.
 */
public final class Replica {
    private final ReplicaState state;
    private final ElectionTimer timer;
    private final LogReads logReads;
    private final Waiters waiters;
    private final Applier applier;
    private final Replication replication;
    private final QuorumContact quorumContact;
    private final Commits commits;
    private final Reads reads;
    private final Transfers transfers;
    private final MembershipChanges changes;
    private final Steward steward;
    private final Transitions transitions;
    private final Elections elections;
    private final LeaderAppends leaderAppends;
    private final FollowerAppends followerAppends;
    private final Clusters clusters;
    private final Founding founding;
    private final StatusView status;
    private long tickAt;

    /**
     * @param config     what it is told
     * @param recovered  what its disk holds
     * @param random     for election time-outs and identities
     * @param wallClock  milliseconds since 1970, for the time stamps of entries
     * @param now        the current time, as for {@link #step}
     */
    public Replica(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        state = new ReplicaState(config, recovered, random, wallClock, now);
        timer = new ElectionTimer(state);
        logReads = new LogReads(state);
        waiters = new Waiters(state);
        applier = new Applier(state, waiters);
        replication = new Replication(state, logReads);
        quorumContact = new QuorumContact(state);
        commits = new Commits(state, waiters);
        reads = new Reads(state, quorumContact, replication);
        transfers = new Transfers(state);
        changes = new MembershipChanges(state, waiters, transfers);
        steward = new Steward(state, changes, transfers);
        transitions = new Transitions(state, timer, replication, waiters, reads, transfers, changes);
        elections = new Elections(state, timer, transitions, quorumContact);
        leaderAppends = new LeaderAppends(state, waiters, quorumContact, transfers);
        followerAppends = new FollowerAppends(state);
        clusters = new Clusters(state);
        founding = new Founding(state, elections);
        status = new StatusView(state, quorumContact);
        for (LogEntry entry : recovered.entries()) {
            state.recover(entry);
            applier.applyRecovered();
        }
        state.requirePayloads();
        tickAt = now;
        if (state.membership().voterCount() == 1) {
            // Nobody else could lead: there is nothing to wait for.
            timer.expire();
        } else {
            timer.reset();
        }
    }

    /**
     * Takes one input.
     *
     * @param now nanoseconds on a monotonic clock of any origin; never goes back
     * @return what is to be done, in this order
     */
    public List<Effect> step(long now, Input input) {
        return step(now, List.of(input));
    }

    /**
     * Takes inputs that came together. Cheaper than one by one: what is appended goes to the log and to each peer in one
     * effect at the end.
     *
     * @param now as for {@link #step(long, Input)}
     */
    public List<Effect> step(long now, List<Input> inputs) {
        state.now(now);
        for (Input input : inputs) {
            take(input);
        }
        // What came is worked on before time is: after a pause, messages that waited are no reason to campaign.
        passTime();
        finish();
        return state.takeEffects();
    }

    /** When an {@link Input.Tick} is due, on the clock of {@link #step}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadline() {
        long deadline = Math.min(tickAt, state.electionDeadline);
        deadline = Math.min(deadline, waiters.nextDeadline());
        deadline = Math.min(deadline, reads.nextDeadline());
        deadline = Math.min(deadline, transfers.nextDeadline());
        deadline = Math.min(deadline, changes.nextDeadline());
        if (state.role instanceof LeaderState leader) {
            deadline = Math.min(deadline, leader.commitNoticeAt);
        }
        return applier.hasBacklog() ? Math.min(deadline, state.now()) : deadline;
    }

    /**
     * Bytes of the log that writes would take which are neither appended nor refused yet, since the lead is being handed
     * over: a later step appends them or refuses them. Room that the caller reserved for them must stay so.
     */
    public long heldBackBytes() {
        return transfers.heldBytes();
    }

    /** The replica as it is now. Cheap where nothing changed since the last call: then it is the same object. */
    public ReplicaStatus status() {
        return status.current();
    }

    private void take(Input input) {
        switch (input) {
            case Input.Append append -> leaderAppends.onAppend(append);
            case Input.Read read -> reads.onRead(read);
            case Input.AwaitAcks await -> leaderAppends.onAwaitAcks(await);
            case Input.AddMember add -> changes.onAdd(add);
            case Input.RemoveMember remove -> changes.onRemove(remove);
            case Input.TransferLeadership transfer -> transfers.onTransfer(transfer);
            case Input.PrepareToStop stop -> transfers.onPrepareToStop(stop);
            case Input.Received received -> onReceived(received.envelope());
            case Input.LogFlushed flushed -> onFlushed(flushed);
            case Input.LogRefused refused -> onRefused(refused);
            case Input.LogRead read -> logReads.onLogRead(read.token(), read.entries());
            case Input.SnapshotSaved _ -> applier.onSnapshotSaved();
            case Input.Tick _ -> {}
        }
    }

    // --- the disk

    private void onFlushed(Input.LogFlushed flushed) {
        if (!state.speaksOfPresentLog(flushed.term())) {
            return;
        }
        state.log.flushed(flushed.index());
        state.touch();
        if (state.role instanceof FollowerState follower) {
            followerAppends.onFlushed(follower);
            founding.onFlushed();
        }
    }

    private void onRefused(Input.LogRefused refused) {
        if (!state.speaksOfPresentLog(refused.term())) {
            return;
        }
        if (state.leads()) {
            transitions.becomeFollower(state.term(), null, "the disk is full");
        }
        followerAppends.onRefused(refused.fromIndex());
    }

    // --- messages

    private void onReceived(PeerEnvelope envelope) {
        if (envelope.from().equals(state.self)) {
            return;
        }
        switch (envelope.message()) {
            case PeerMessage.Hello _ -> founding.onHello(envelope.from());
            case PeerMessage.HelloReply reply -> {
                clusters.onHelloReply(envelope);
                founding.onHelloReply(envelope, reply);
            }
            case PeerMessage.PreVote ask -> {
                if (clusters.admit(envelope)) {
                    elections.onPreVote(envelope.from(), ask);
                }
            }
            case PeerMessage.RequestVote ask -> {
                if (clusters.admit(envelope)) {
                    elections.onRequestVote(envelope, ask);
                }
            }
            case PeerMessage.AppendEntries append -> {
                FollowerState follower = follow(envelope);
                if (follower != null) {
                    followerAppends.onAppendEntries(follower, envelope.from(), append);
                }
            }
            case PeerMessage.Heartbeat heartbeat -> {
                FollowerState follower = follow(envelope);
                if (follower != null) {
                    followerAppends.onHeartbeat(follower, envelope.from(), heartbeat);
                }
            }
            case PeerMessage.TimeoutNow _ -> {
                if (follow(envelope) != null) {
                    elections.onTimeoutNow(envelope);
                }
            }
            case PeerMessage.Vote vote -> {
                // A pre-vote may come from an older term: the vote itself says which one it is for.
                if (clusters.admit(envelope) && !stepsInto(envelope)) {
                    elections.onVote(envelope, vote);
                }
            }
            case PeerMessage.AppendReply reply -> hear(envelope, (_, peer) -> replication.onAppendReply(peer, reply));
            case PeerMessage.HeartbeatReply reply ->
                hear(envelope, (leader, peer) -> replication.onHeartbeatReply(leader, peer, reply));
            case PeerMessage.ReadIndex ask -> {
                if (isOfThisTerm(envelope)) {
                    reads.onReadIndex(envelope.from(), ask.id());
                }
            }
            case PeerMessage.ReadIndexReply reply -> {
                if (isOfThisTerm(envelope)) {
                    reads.onReadIndexReply(envelope.from(), reply);
                }
            }
        }
    }

    /** Follows the sender, who leads the envelope's term; null where that is not to be worked on. */
    private @Nullable FollowerState follow(PeerEnvelope envelope) {
        if (!clusters.admit(envelope)) {
            return null;
        }
        NodeId from = envelope.from();
        if (envelope.term() < state.term()) {
            // The term of the answer tells a deposed leader that it is one (§3.3).
            state.send(from, new PeerMessage.HeartbeatReply(0, 0));
            return null;
        }
        if (!state.leads() || envelope.term() > state.term()) {
            transitions.becomeFollower(envelope.term(), from, from + " leads");
        }
        if (!(state.role instanceof FollowerState follower) || !from.equals(follower.leader)) {
            throw new IllegalStateException(
                    "two leaders in term " + envelope.term() + ": " + from + " and " + state.leader());
        }
        state.knownHealth.heard(from, state.now());
        timer.extend();
        state.stranded = null;
        return follower;
    }

    /** Whether a message is of the current term; a newer term makes this node a follower of it (§3.3). */
    private boolean isOfThisTerm(PeerEnvelope envelope) {
        if (!clusters.admit(envelope)) {
            return false;
        }
        stepsInto(envelope);
        return envelope.term() == state.term();
    }

    /** Becomes a follower where the envelope is of a newer term; whether it was. */
    private boolean stepsInto(PeerEnvelope envelope) {
        if (envelope.term() <= state.term()) {
            return false;
        }
        transitions.becomeFollower(envelope.term(), null, envelope.from() + " is in a newer term");
        return true;
    }

    /** Hands a peer's answer on where this node leads and knows the peer. */
    private void hear(PeerEnvelope envelope, BiConsumer<LeaderState, Progress> then) {
        if (!isOfThisTerm(envelope) || !(state.role instanceof LeaderState leader)) {
            return;
        }
        Progress peer = leader.peer(envelope.from());
        if (peer != null) {
            replication.heard(leader, peer, envelope);
            then.accept(leader, peer);
        }
    }

    // --- time

    private void passTime() {
        if (state.now() >= tickAt) {
            tickAt = state.now() + state.timing().heartbeatInterval();
            state.touch();
            tick();
        }
        elections.onTime();
        waiters.onTime();
        reads.onTime();
        if (state.role instanceof LeaderState leader) {
            changes.onTime(leader);
            if (state.now() >= leader.commitNoticeAt) {
                replication.noticeCommit(leader);
            }
        }
    }

    private void tick() {
        switch (state.role) {
            case LeaderState leader -> {
                if (!quorumContact.isFresh(leader)) {
                    transitions.becomeFollower(state.term(), null, "no quorum was heard for an election time-out");
                    return;
                }
                replication.judgeHealth(leader);
                replication.heartbeat(leader);
                leader.lastIndexAtTickBefore = leader.lastIndexAtTick;
                leader.lastIndexAtTick = state.log.lastIndex();
                steward.onTick(leader);
            }
            case FollowerState follower -> {
                long silence = state.knownHealth.leaderSilence(state.now());
                if (follower.leader != null && silence > 2 * state.timing().electionTimeout()) {
                    transitions.forgetLeader(follower, "no leader is heard");
                }
                founding.onTick();
            }
            case CandidateState _ -> {}
        }
    }

    // --- the end of a step

    private void finish() {
        // The membership that an append brought may have made this node a voter, and its leader may be silent from now
        // on.
        timer.ensure();
        if (state.role instanceof LeaderState leader) {
            commits.advance(leader);
        }
        applier.applyCommitted();
        switch (state.role) {
            case LeaderState leader -> {
                waiters.settle();
                changes.proceed(leader);
                retire(leader);
            }
            case FollowerState follower -> waiters.settleOrphans(follower);
            case CandidateState _ -> {}
        }
        leaderAppends.release(transfers.proceed());
        reads.proceed();
        state.writeAppends();
        if (state.role instanceof LeaderState leader) {
            replication.replicate(leader);
        }
    }

    /** A leader that is no longer a voter leaves when that is committed (§4.2.2), and has another one campaign. */
    private void retire(LeaderState leader) {
        if (!state.isLeaving() || state.log.control().membershipIndex() > state.log.commitIndex()) {
            return;
        }
        Progress successor = transfers.bestSuccessor(leader);
        if (successor != null) {
            state.send(successor.id, new PeerMessage.TimeoutNow());
        }
        transitions.becomeFollower(state.term(), null, "no longer a voter");
    }
}

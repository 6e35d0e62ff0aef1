package io.replog.core.replica;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.session.SessionTable;
import io.replog.core.statemachine.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers of one replica share. It sees to it that effects come out in an order that keeps the rules: the hard
 * state is saved before anything that depends on it, and entries go to the log with the term they were appended in.
 */
final class ReplicaState {
    final ReplicaConfig config;
    final NodeId self;
    final RandomGenerator random;
    final ReplicaLog log;
    final SessionTable sessions;
    final StateMachine machine;
    final KnownHealth knownHealth;
    private final LongSupplier wallClock;

    RoleState role = new FollowerState();

    /** When to campaign where no leader is heard; {@link Long#MAX_VALUE} where this node may not. */
    long electionDeadline = Long.MAX_VALUE;

    /** Why the node can neither found nor join, null where it is fine. */
    @Nullable String stranded;

    /** Whether the log that the disk held before was damaged and set aside. */
    final boolean setAside;

    /** The leader's commit index when it was heard first since the start, -1 until then. */
    long catchUpIndex = -1;

    /** Term of the last truncation: what is said of appends of older terms may be about entries that are gone. */
    private long truncationTerm;

    private long now;
    private HardState hardState;
    private boolean hardStateUnsaved;
    private List<LogEntry> unwritten = new ArrayList<>();
    private List<Effect> effects = new ArrayList<>();
    private boolean changed = true;
    private Membership membership;
    private @Nullable Member selfMember;

    /** Whether entries without payload are in the log. */
    private boolean holdsOmitted;

    ReplicaState(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        this.config = config;
        this.self = config.self();
        this.random = random;
        this.wallClock = wallClock;
        this.now = now;
        setAside = recovered.setAside();
        hardState = recovered.hardState();
        log = new ReplicaLog(recovered, config.limits().tailBytes());
        sessions = new SessionTable(
                config.limits().requestKeys(), recovered.snapshot().sessions());
        machine = new StateMachine(recovered.snapshot());
        knownHealth = new KnownHealth(config.timing());
        membership = log.isEmpty() ? config.configured() : log.membership();
        selfMember = membership.find(self).orElse(null);
    }

    long now() {
        return now;
    }

    void now(long time) {
        if (time < now) {
            throw new IllegalStateException("time goes back from " + now + " to " + time);
        }
        now = time;
    }

    ReplicaConfig.Timing timing() {
        return config.timing();
    }

    ReplicaConfig.Limits limits() {
        return config.limits();
    }

    // --- hard state

    long term() {
        return hardState.term();
    }

    @Nullable NodeId votedFor() {
        return hardState.votedFor();
    }

    ClusterId cluster() {
        return hardState.cluster();
    }

    boolean isBlank() {
        return hardState.cluster().isNone();
    }

    long incarnation() {
        return hardState.incarnation();
    }

    void enterTerm(long term, @Nullable NodeId vote) {
        if (term < term()
                || (term == term() && votedFor() != null && !votedFor().equals(vote))) {
            throw new IllegalStateException("term or vote taken back: " + hardState + " to " + term + ", " + vote);
        }
        if (term == term() && vote == null) {
            return;
        }
        writeAppends();
        save(new HardState(cluster(), incarnation(), term, vote));
    }

    void joinCluster(ClusterId cluster) {
        if (!isBlank()) {
            throw new IllegalStateException("already of cluster " + cluster());
        }
        save(new HardState(cluster, incarnation(), term(), votedFor()));
    }

    private void save(HardState newState) {
        hardState = newState;
        hardStateUnsaved = true;
        changed = true;
    }

    // --- role

    @Nullable NodeId leader() {
        return switch (role) {
            case FollowerState follower -> follower.leader;
            case CandidateState _ -> null;
            case LeaderState _ -> self;
        };
    }

    boolean leads() {
        return role instanceof LeaderState;
    }

    Role shownRole() {
        return switch (role) {
            case LeaderState _ -> Role.LEADER;
            case CandidateState _ -> Role.CANDIDATE;
            case FollowerState _ -> {
                if (isWitness()) {
                    yield Role.WITNESS;
                }
                yield selfMember == null ? Role.LEARNER : passiveRole(selfMember, incarnation());
            }
        };
    }

    /** What {@code member} is while it does not lead or campaign. */
    Role passiveRole(Member member, long incarnation) {
        if (member.kind() == MemberKind.WITNESS) {
            return Role.WITNESS;
        }
        boolean votes = member.kind().votes() && (log.isEmpty() || member.incarnation() == incarnation);
        return votes ? Role.FOLLOWER : Role.LEARNER;
    }

    // --- membership

    /** The newest membership of the log (§4.1), or the configured one while the log has none. */
    Membership membership() {
        return membership;
    }

    /** This node as the membership has it, null where it is no member. */
    @Nullable Member selfMember() {
        return selfMember;
    }

    /**
     * Whether this node may stand for election: its disk is the one that the log's membership knows as a voter's. One that
     * is no longer a voter by a membership that may not be committed may still be needed to commit it (§4.2.2).
     */
    boolean mayCampaign() {
        // What a founder could not store yet nobody may hear of.
        if (log.durableIndex() == 0) {
            return false;
        }
        boolean undecided = log.control().membershipIndex() > log.commitIndex();
        return isThisVoter(selfMember)
                || (undecided
                        && isThisVoter(
                                log.control().previousMembership().find(self).orElse(null)));
    }

    /** Whether {@code member} is this node with this disk, and may lead. */
    boolean isThisVoter(@Nullable Member member) {
        return member != null && member.kind().mayLead() && member.incarnation() == incarnation();
    }

    /** Whether this node leads, if it does, only until the membership that it has made is committed. */
    boolean isLeaving() {
        return !isThisVoter(selfMember);
    }

    /** Whether this node has no state to show: as a witness, or with the disk of one. */
    boolean isWitness() {
        return holdsOmitted || (selfMember != null && selfMember.kind() == MemberKind.WITNESS);
    }

    /** Whether entries without payload stand in the log: what is applied is then no state. */
    boolean lacksPayloads() {
        return holdsOmitted;
    }

    /**
     * What a witness stored is no data: such a disk can never be that of another kind of member. A new disk under an old name is
     * filled from the log's beginning, where the name may have been that of a member with data: so what the membership says of
     * another disk, or of none, holds only once this node has caught up.
     */
    void requirePayloads() {
        Member member = selfMember;
        if (!holdsOmitted || member == null || !member.kind().bearsData()) {
            return;
        }
        if (member.incarnation() == incarnation() || !isCatchingUp()) {
            throw new IllegalStateException("this node was a witness and stored no payloads, now it is a "
                    + member.kind().name().toLowerCase(Locale.ROOT)
                    + ": start it with an empty data directory");
        }
    }

    /** Whether entries that were committed when this node came up may be missing here, or not be known to be committed. */
    boolean isCatchingUp() {
        return catchUpIndex < 0 || log.commitIndex() < catchUpIndex;
    }

    private void membershipMayHaveChanged() {
        Membership current = log.isEmpty() ? config.configured() : log.membership();
        if (!current.equals(membership)) {
            membership = current;
            selfMember = membership.find(self).orElse(null);
            requirePayloads();
            if (role instanceof LeaderState leader) {
                leader.follow(membership, self, log.lastIndex() + 1, now);
            }
            emit(new Effect.MembershipChanged(membership));
        }
    }

    // --- log

    /** Takes an entry that was read at the start, after the state snapshot. */
    void recover(LogEntry entry) {
        log.recover(entry);
        sessions.append(entry);
        holdsOmitted |= entry.isOmitted();
    }

    /** Appends an entry; it is written at the end of the step or before the term changes. */
    void append(LogEntry entry) {
        log.append(entry);
        sessions.append(entry);
        unwritten.add(entry);
        holdsOmitted |= entry.isOmitted();
        changed = true;
        if (entry.type().isControl()) {
            membershipMayHaveChanged();
        }
    }

    /** Appends a no-op or membership as leader. */
    LogEntry appendControl(Payload payload) {
        LogEntry entry = EntryCodec.frameControl(header(1, 0), payload);
        append(entry);
        return entry;
    }

    /** Header of the next entry of this term. */
    EntryHeader header(int count, int messages) {
        return new EntryHeader(
                log.lastIndex() + 1, count, term(), wallClock.getAsLong(), log.lastId() + messages, log.commitIndex());
    }

    long wallClockMillis() {
        return wallClock.getAsLong();
    }

    /** Cuts the log at the first index of an entry. */
    void truncate(long fromIndex) {
        writeAppends();
        log.truncate(fromIndex);
        sessions.truncateFrom(fromIndex);
        truncationTerm = term();
        emit(new Effect.TruncateLog(fromIndex));
        membershipMayHaveChanged();
    }

    /**
     * Whether what the disk says of an append of {@code term} still holds. After a truncation it may be about entries
     * that are gone while others stand at their indexes.
     */
    boolean speaksOfPresentLog(long term) {
        return term >= truncationTerm;
    }

    // --- effects

    void emit(Effect effect) {
        saveHardState();
        effects.add(effect);
        changed = true;
    }

    void send(NodeId to, PeerMessage message) {
        saveHardState();
        effects.add(new Effect.Send(to, new PeerEnvelope(cluster(), self, incarnation(), term(), message)));
    }

    /** Asks the members that this node is configured with who they are. */
    void askConfigured() {
        for (Member member : config.configured().members()) {
            if (!member.id().equals(self)) {
                send(member.id(), new PeerMessage.Hello());
            }
        }
    }

    void respond(long requestId, Outcome outcome) {
        saveHardState();
        effects.add(new Effect.Respond(requestId, outcome));
    }

    /** Hands what was appended to the log writer. */
    void writeAppends() {
        if (!unwritten.isEmpty()) {
            emit(new Effect.AppendToLog(term(), unwritten));
            unwritten = new ArrayList<>();
        }
    }

    private void saveHardState() {
        if (hardStateUnsaved) {
            hardStateUnsaved = false;
            effects.add(new Effect.SaveHardState(hardState));
        }
    }

    List<Effect> takeEffects() {
        saveHardState();
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    // --- status

    /** Something that the status shows may have changed. */
    void touch() {
        changed = true;
    }

    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}

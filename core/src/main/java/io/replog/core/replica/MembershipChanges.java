package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Outcome.Unknown.Cause;
import io.replog.core.replica.ReplicaStatus.Health;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the membership, one member at a time, each committed before the next (§4.1). A new voter comes in as a
 * learner and is made a voter when it holds what is committed (§4.2.1).
 */
final class MembershipChanges {
    /** A change that was asked for; at most one is under way. */
    private static final class Change {
        final long requestId;
        final NodeId id;

        /** What the member is to be, null where it is to go. */
        final @Nullable Member wanted;

        final long deadline;

        /** The newest entry that was appended for it, null for none yet. */
        @Nullable LogEntry entry;

        /** Whether what remains is to make a learner that has caught up the voter that is wanted. */
        boolean promotes;

        Change(long requestId, NodeId id, @Nullable Member wanted, long deadline) {
            this.requestId = requestId;
            this.id = id;
            this.wanted = wanted;
            this.deadline = deadline;
        }
    }

    private final ReplicaState state;
    private final Waiters waiters;
    private final Transfers transfers;
    private @Nullable Change change;

    MembershipChanges(ReplicaState state, Waiters waiters, Transfers transfers) {
        this.state = state;
        this.waiters = waiters;
        this.transfers = transfers;
    }

    /** Whether a change may be appended: the one before is committed, and so is an entry of the own term (§4.1). */
    boolean mayAppend(LeaderState leader) {
        return leader.ownTermCommitted(state.log.commitIndex())
                && state.log.control().membershipIndex() <= state.log.commitIndex()
                && !transfers.underWay();
    }

    boolean underWay() {
        return change != null;
    }

    LogEntry append(Membership membership) {
        return state.appendControl(
                new Payload.MembershipChange(state.log.control().view() + 1, membership));
    }

    void onAdd(Input.AddMember input) {
        Member wanted = input.member();
        Member present = state.membership().find(wanted.id()).orElse(null);
        if (state.leads() && present != null && isAs(present, wanted)) {
            state.respond(input.requestId(), new Outcome.Done());
            return;
        }
        admit(new Change(input.requestId(), wanted.id(), wanted, input.deadline()));
    }

    void onRemove(Input.RemoveMember input) {
        admit(new Change(input.requestId(), input.id(), null, input.deadline()));
    }

    private static boolean isAs(Member present, Member wanted) {
        return present.kind() == wanted.kind()
                && present.priority() == wanted.priority()
                && present.url().equals(wanted.url());
    }

    private void admit(Change asked) {
        Refusal refusal = state.role instanceof LeaderState leader ? refusal(leader, asked) : Refusal.NOT_LEADER;
        if (refusal != null) {
            state.respond(asked.requestId, new Outcome.Refused(refusal));
            return;
        }
        change = asked;
    }

    private @Nullable Refusal refusal(LeaderState leader, Change asked) {
        if (state.now() >= asked.deadline) {
            return Refusal.DEADLINE;
        }
        if (change != null || transfers.underWay()) {
            return Refusal.CHANGE_IN_PROGRESS;
        }
        Membership membership = state.membership();
        Member present = membership.find(asked.id).orElse(null);
        Member wanted = asked.wanted;
        if (wanted == null) {
            return present == null ? Refusal.UNKNOWN_MEMBER : outcomeRefusal(leader, membership.without(asked.id));
        }
        if (state.config.fixedLeader()
                && wanted.kind().votes()
                && (present == null || !present.kind().votes())) {
            return Refusal.CHANGE_NOT_ALLOWED;
        }
        if (present == null) {
            return wanted.kind() == MemberKind.WITNESS
                    ? outcomeRefusal(leader, membership.with(wanted.withIncarnation(Member.UNBOUND)))
                    : null;
        }
        if (present.kind() != wanted.kind()) {
            // What a witness stored has no payload: it would have to begin with an empty disk.
            if (present.kind() == MemberKind.WITNESS || wanted.kind() == MemberKind.WITNESS) {
                return Refusal.CHANGE_NOT_ALLOWED;
            }
            if (wanted.kind() == MemberKind.VOTER) {
                Progress peer = leader.peer(asked.id);
                return peer == null || peer.health != Health.HEALTHY ? Refusal.MEMBER_NOT_READY : null;
            }
            return outcomeRefusal(leader, membership.with(inPlaceOf(present, wanted)));
        }
        return null;
    }

    /** Why {@code after} may not be: it would have nobody to lead it, or no majority that is there. */
    private @Nullable Refusal outcomeRefusal(LeaderState leader, Membership after) {
        boolean canLead = after.members().stream()
                .anyMatch(member -> member.kind().mayLead() && member.incarnation() != Member.UNBOUND);
        if (!canLead) {
            return Refusal.CHANGE_NOT_ALLOWED;
        }
        long present = after.members().stream()
                .filter(member -> member.kind().votes() && isPresent(leader, member))
                .count();
        return present >= after.majority() ? null : Refusal.MEMBER_NOT_READY;
    }

    private boolean isPresent(LeaderState leader, Member member) {
        if (member.id().equals(state.self)) {
            return true;
        }
        Progress peer = leader.peer(member.id());
        return peer != null && peer.isBoundVoter() && peer.health == Health.HEALTHY;
    }

    /** {@code wanted}, with the disk of {@code present} while it votes. */
    private static Member inPlaceOf(Member present, Member wanted) {
        return wanted.withIncarnation(wanted.kind().votes() ? present.incarnation() : Member.UNBOUND);
    }

    // --- the course of a change

    /** Takes the change under way one step further, where it can; at the end of each step. */
    void proceed(LeaderState leader) {
        Change current = change;
        if (current == null || !mayAppend(leader)) {
            return;
        }
        if (current.entry == null && !current.promotes) {
            begin(current);
        } else if (current.promotes) {
            promote(leader, current);
        } else {
            end(new Outcome.Done());
        }
    }

    private void begin(Change current) {
        Membership membership = state.membership();
        Member wanted = current.wanted;
        Member present = membership.find(current.id).orElse(null);
        if (wanted == null) {
            current.entry = append(membership.without(current.id));
        } else if (wanted.kind() == MemberKind.VOTER && (present == null || present.kind() != MemberKind.VOTER)) {
            current.promotes = true;
            if (present == null) {
                Member learner = wanted.withKind(MemberKind.LEARNER).withIncarnation(Member.UNBOUND);
                current.entry = append(membership.with(learner));
            }
        } else {
            Member changed = present == null ? wanted.withIncarnation(Member.UNBOUND) : inPlaceOf(present, wanted);
            current.entry = append(membership.with(changed));
        }
    }

    private void promote(LeaderState leader, Change current) {
        Progress peer = leader.peer(current.id);
        Member wanted = current.wanted;
        if (peer != null && wanted != null && leader.isCaughtUp(peer)) {
            current.promotes = false;
            current.entry = append(state.membership().with(wanted.withIncarnation(peer.incarnation)));
        }
    }

    private void end(Outcome outcome) {
        Change ended = change;
        change = null;
        if (ended != null) {
            state.respond(ended.requestId, outcome);
        }
    }

    long nextDeadline() {
        return change == null ? Long.MAX_VALUE : change.deadline;
    }

    void onTime(LeaderState leader) {
        if (change != null && state.now() >= change.deadline) {
            // A learner that has not caught up by then lags too far behind.
            Refusal refusal = change.promotes ? Refusal.MEMBER_NOT_READY : Refusal.DEADLINE;
            giveUp(leader, change, refusal, Cause.DEADLINE);
        }
    }

    void leadershipLost(LeaderState leader) {
        if (change != null) {
            giveUp(leader, change, Refusal.NOT_LEADER, Cause.LEADERSHIP_LOST);
        }
    }

    private void giveUp(LeaderState leader, Change current, Refusal refusal, Cause cause) {
        LogEntry entry = current.entry;
        end(
                entry == null
                        ? new Outcome.Refused(refusal)
                        : new Outcome.Unknown(waiters.placement(entry, leader), cause));
    }
}

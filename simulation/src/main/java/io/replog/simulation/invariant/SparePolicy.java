package io.replog.simulation.invariant;

import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Who takes whose place without being asked: a spare that has caught up becomes a voter when a voter that once was up has
 * been silent for long enough, and that one then becomes a spare. No kind changes otherwise.
 */
final class SparePolicy {
    private static final String INVARIANT = "spares";

    private final Disks disks;
    private final long spareAfter;

    /** @param spareAfter nanoseconds */
    SparePolicy(Disks disks, long spareAfter) {
        this.disks = disks;
        this.spareAfter = spareAfter;
    }

    /**
     * Checks a membership that a leader is about to append.
     *
     * @param silence for how long a member has not answered the leader, nanoseconds on the leader's clock
     */
    void check(Holder leader, LogEntry entry, Membership next, ToLongFunction<NodeId> silence) {
        List<Membership> history = history(leader, entry.firstIndex() - 1);
        Membership before = history.isEmpty() ? Membership.EMPTY : history.getLast();
        for (Member member : next.members()) {
            Member was = before.find(member.id()).orElse(member);
            if (was.kind() == member.kind()) {
                continue;
            }
            boolean allowed = was.kind() == MemberKind.SPARE
                    ? member.kind() == MemberKind.VOTER
                            && hasCaughtUp(leader, entry.term(), member)
                            && before.members().stream().anyMatch(other -> isDead(other, history, silence))
                    : was.kind() == MemberKind.VOTER
                            && member.kind() == MemberKind.SPARE
                            && isDead(was, history, silence)
                            && hasSteppedIn(was, history);
            Require.that(
                    allowed,
                    INVARIANT,
                    () -> leader + " makes " + was + " " + member.kind() + " with " + entry + ", before are " + before
                            + ", silent for " + silences(before, silence));
        }
    }

    private static List<Membership> history(Holder leader, long last) {
        List<Membership> memberships = new ArrayList<>();
        for (LogEntry entry : leader.log.between(0, last)) {
            Invariants.membershipOf(entry).ifPresent(memberships::add);
        }
        return memberships;
    }

    private boolean isDead(Member member, List<Membership> history, ToLongFunction<NodeId> silence) {
        return member.kind() == MemberKind.VOTER
                && silence.applyAsLong(member.id()) >= spareAfter
                && history.stream()
                        .flatMap(membership -> membership.find(member.id()).stream())
                        .anyMatch(was -> was.incarnation() != Member.UNBOUND);
    }

    /** Whether the disk that now votes holds the log at least to where the leader's term begins. */
    private boolean hasCaughtUp(Holder leader, long term, Member spare) {
        Holder holder = disks.find(spare.id(), spare.incarnation());
        return holder != null
                && leader.log.all().stream()
                        .filter(entry -> entry.term() == term && entry.type() == EntryType.NO_OP)
                        .allMatch(holder::everHeld);
    }

    /** Whether a spare has come since the disk of the voter lost its vote. */
    private static boolean hasSteppedIn(Member dead, List<Membership> history) {
        for (int i = history.size() - 1; i > 0; i--) {
            Membership membership = history.get(i);
            Membership earlier = history.get(i - 1);
            if (membership.find(dead.id()).orElse(dead).incarnation() != Member.UNBOUND) {
                return false;
            }
            if (membership.members().stream()
                    .filter(member -> member.kind() == MemberKind.VOTER)
                    .flatMap(member -> earlier.find(member.id()).stream())
                    .anyMatch(was -> was.kind() == MemberKind.SPARE)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> silences(Membership members, ToLongFunction<NodeId> silence) {
        return members.members().stream()
                .map(member -> member.id() + ": " + silence.applyAsLong(member.id()) / 1_000_000 + " ms")
                .toList();
    }
}

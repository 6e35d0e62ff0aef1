package io.replog.core.replica;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the control entries of a log say: the term of every index (each term begins with its leader's no-op), the
 * memberships, and the number of the view. They are few, so all of them are kept.
 */
final class ControlHistory {
    private record Change(long index, long term, long view, Membership membership, boolean membershipEntry) {}

    private static final Change NONE = new Change(0, 0, 0, Membership.EMPTY, false);

    private final List<Change> changes = new ArrayList<>();

    void append(LogEntry entry) {
        Change newest = newest();
        Payload payload = EntryCodec.payload(entry);
        changes.add(
                switch (payload) {
                    case Payload.NoOp noOp ->
                        new Change(entry.firstIndex(), entry.term(), noOp.view(), newest.membership(), false);
                    case Payload.MembershipChange change ->
                        new Change(entry.firstIndex(), entry.term(), change.view(), change.membership(), true);
                    case Payload.Messages _, Payload.Command _, Payload.Omitted _ ->
                        throw new IllegalStateException("not a control entry: " + entry);
                });
    }

    void truncate(long fromIndex) {
        while (!changes.isEmpty() && changes.getLast().index() >= fromIndex) {
            changes.removeLast();
        }
    }

    /** The term of {@code index}, which the log has. */
    long termAt(long index) {
        return at(index).term();
    }

    /** The first index of the term that {@code index} belongs to. */
    long firstIndexOfTerm(long index) {
        int position = positionAt(index);
        long term = changes.get(position).term();
        while (position > 0 && changes.get(position - 1).term() == term) {
            position--;
        }
        return changes.get(position).index();
    }

    /**
     * The last index of a term at most {@code term}, at most {@code limit}; 0 where there is none.
     *
     * @param limit an index that the log has
     */
    long lastIndexOfTermAtMost(long term, long limit) {
        long last = limit;
        for (int i = positionAt(limit); i >= 0; i--) {
            if (changes.get(i).term() <= term) {
                return last;
            }
            last = changes.get(i).index() - 1;
        }
        return 0;
    }

    long view() {
        return newest().view();
    }

    long viewAt(long index) {
        return at(index).view();
    }

    /** The newest membership, committed or not (§4.1); empty where the log has none. */
    Membership membership() {
        return newest().membership();
    }

    Membership membershipAt(long index) {
        return at(index).membership();
    }

    /** Index of the entry that brought {@link #membership}, 0 where the log has none. */
    long membershipIndex() {
        Change change = newestMembership(changes.size());
        return change == null ? 0 : change.index();
    }

    /** The membership before the newest one; empty where there is none. */
    Membership previousMembership() {
        long newest = membershipIndex();
        return newest <= 1 ? Membership.EMPTY : membershipAt(newest - 1);
    }

    /** Whether the log ever had a disk of this member as a voter's. */
    boolean wasEverBound(NodeId id) {
        return changes.stream()
                .filter(Change::membershipEntry)
                .map(change -> change.membership().find(id).orElse(null))
                .anyMatch(member -> member != null && member.incarnation() != Member.UNBOUND);
    }

    /** Whether a spare was made a voter by the change that took the vote from this member's disk, or by a later one. */
    boolean hasSpareComeFor(NodeId id) {
        Change later = newestMembership(changes.size());
        while (later != null && isUnbound(id, later.membership())) {
            Membership before = membershipAt(later.index() - 1);
            if (later.membership().members().stream().anyMatch(member -> wasSpare(member, before))) {
                return true;
            }
            later = newestMembership(positionAt(later.index()));
        }
        return false;
    }

    private static boolean isUnbound(NodeId id, Membership membership) {
        return membership
                .find(id)
                .filter(member -> member.incarnation() == Member.UNBOUND)
                .isPresent();
    }

    private static boolean wasSpare(Member member, Membership before) {
        return member.kind() == MemberKind.VOTER
                && before.find(member.id())
                        .filter(old -> old.kind() == MemberKind.SPARE)
                        .isPresent();
    }

    private @Nullable Change newestMembership(int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (changes.get(i).membershipEntry()) {
                return changes.get(i);
            }
        }
        return null;
    }

    private Change newest() {
        return changes.isEmpty() ? NONE : changes.getLast();
    }

    private Change at(long index) {
        int position = positionAt(index);
        return position < 0 ? NONE : changes.get(position);
    }

    private int positionAt(long index) {
        // Most questions are about the end of the log.
        int last = changes.size() - 1;
        if (last >= 0 && changes.get(last).index() <= index) {
            return last;
        }
        int low = 0;
        int high = last;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (changes.get(middle).index() <= index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}

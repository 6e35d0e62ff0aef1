package io.replog.core.quorum;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The members of a cluster, sorted by id. Immutable. A replica uses the newest membership in its log from the
 * moment it is appended, committed or not (Raft dissertation, §4.1).
 *
 * @param members sorted by id, without duplicates
 */
public record Membership(List<Member> members) {
    /** No members: the membership of a node that has neither founded nor joined a cluster. */
    public static final Membership EMPTY = new Membership(List.of());

    public Membership {
        Set<NodeId> seen = new HashSet<>();
        for (Member member : members) {
            if (!seen.add(member.id())) {
                throw new IllegalArgumentException("member '" + member.id() + "' is listed twice");
            }
        }
        members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
    }

    public Optional<Member> find(NodeId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    public boolean contains(NodeId id) {
        return find(id).isPresent();
    }

    /** How many members count for elections and for commit. */
    public int voterCount() {
        return count(member -> member.kind().votes());
    }

    /** How many members may acknowledge a write: the {@code N} of a write concern. */
    public int dataBearingCount() {
        return count(member -> member.kind().bearsData());
    }

    /** The smallest number of voters of which any two sets have a member in common; 0 without voters. */
    public int majority() {
        int voters = voterCount();
        return voters == 0 ? 0 : voters / 2 + 1;
    }

    /** This membership with {@code member} added, or put in the place of the one with its id. */
    public Membership with(Member member) {
        List<Member> changed = new ArrayList<>(members);
        changed.removeIf(other -> other.id().equals(member.id()));
        changed.add(member);
        return new Membership(changed);
    }

    public Membership without(NodeId id) {
        return new Membership(
                members.stream().filter(member -> !member.id().equals(id)).toList());
    }

    private int count(Predicate<Member> wanted) {
        return (int) members.stream().filter(wanted).count();
    }
}

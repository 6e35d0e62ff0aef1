package io.replog.simulation.invariant;

import io.replog.core.log.LogEntry;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All disks that there ever were, by what was seen going to them. */
final class Disks {
    private static final String RECOVERY = "recovery";

    private final Map<String, Holder> holders = new HashMap<>();

    @Nullable Holder find(NodeId node, long incarnation) {
        return holders.get(name(node, incarnation));
    }

    /** A node has opened its disk and found this: nothing that was forced is missing, nothing is there that was not written. */
    void opened(NodeId node, HardState hardState, List<LogEntry> log) {
        Holder holder =
                holders.computeIfAbsent(name(node, hardState.incarnation()), name -> new Holder(node, hardState));
        Require.that(
                hardState.equals(holder.hardState) || hardState.equals(holder.saving),
                RECOVERY,
                () -> holder + " came back with " + hardState + ", had saved " + holder.hardState);
        holder.hardState = hardState;
        holder.saving = null;
        long lastIndex = log.isEmpty() ? 0 : log.getLast().lastIndex();
        if (lastIndex == holder.cutting - 1) {
            holder.cutDisk(holder.cutting);
        }
        holder.cutting = Long.MAX_VALUE;
        Require.that(
                lastIndex >= holder.durable,
                RECOVERY,
                () -> holder + " came back with a log to " + lastIndex + ", had forced it to " + holder.durable);
        for (LogEntry entry : log) {
            LogEntry before = holder.disk.at(entry.lastIndex());
            Require.that(
                    before != null && ShadowLog.same(before, entry),
                    RECOVERY,
                    () -> holder + " came back with " + entry + ", had written " + before);
        }
        holder.disk.truncateFrom(lastIndex + 1);
        holder.durable = lastIndex;
        holder.forcedInThisLife = false;
        holder.log.truncateFrom(1);
        log.forEach(holder.log::append);
    }

    static void saved(Holder holder, HardState state) {
        HardState before = holder.hardState;
        Require.that(
                state.incarnation() == before.incarnation()
                        && (state.cluster().equals(before.cluster())
                                || before.cluster().isNone()),
                "identity",
                () -> holder + " saves " + state + " after " + before);
        Require.that(
                state.term() >= before.term(),
                "terms never go back",
                () -> holder + " saves " + state + " after " + before);
        Require.that(
                state.term() > before.term()
                        || before.votedFor() == null
                        || before.votedFor().equals(state.votedFor()),
                "one vote a term",
                () -> holder + " saves " + state + " after " + before);
        holder.hardState = state;
        holder.saving = null;
    }

    static void forced(Holder holder, long durableIndex) {
        Require.that(
                durableIndex <= holder.disk.lastIndex(),
                "durability",
                () -> holder + " forced to " + durableIndex + ", written to " + holder.disk.lastIndex());
        if (durableIndex > holder.durable) {
            if (holder.forcedInThisLife) {
                holder.durableBefore = holder.durable;
            }
            holder.forcedInThisLife = true;
            holder.durable = durableIndex;
        }
    }

    boolean hasMajority(List<Member> members, LogEntry entry) {
        int voters = 0;
        int holding = 0;
        for (Member member : members) {
            if (member.kind().votes()) {
                voters++;
                Holder holder = find(member.id(), member.incarnation());
                holding += holder != null && holder.everHeld(entry) ? 1 : 0;
            }
        }
        return voters > 0 && holding >= voters / 2 + 1;
    }

    /** Whether a majority of the voters, on the disks that the membership has for them, voted for {@code candidate}. */
    boolean elected(List<Member> members, NodeId candidate, long term) {
        int voters = 0;
        int votes = 0;
        for (Member member : members) {
            if (member.kind().votes()) {
                voters++;
                Holder holder = find(member.id(), member.incarnation());
                boolean own = member.id().equals(candidate);
                votes += holder != null && (own || candidate.equals(holder.votes.get(term))) ? 1 : 0;
            }
        }
        return voters > 0 && votes >= voters / 2 + 1;
    }

    List<Holder> holdersOf(LogEntry entry) {
        return holders.values().stream()
                .filter(holder -> holder.everHeld(entry))
                .toList();
    }

    /** Whether a disk of this node ever durably held the entry, and is not one of a witness. */
    boolean everHeldData(NodeId node, LogEntry entry) {
        return holders.values().stream()
                .anyMatch(holder -> holder.node.equals(node) && !holder.lacksPayloads() && holder.everHeld(entry));
    }

    private static String name(NodeId node, long incarnation) {
        return node.value() + "/" + incarnation;
    }
}

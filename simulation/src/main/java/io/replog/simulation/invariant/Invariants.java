package io.replog.simulation.invariant;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.HardState;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sees every node's steps, effects and disk, and throws {@link InvariantViolation} as soon as one of them breaks a rule.
 * What it knows comes from outside the replicas: the log by what went to the disk, durability by what was forced.
 */
public final class Invariants {
    /** In place of how long a voter is silent before a spare steps in: kinds of members change for any reason. */
    public static final long ANY_TIME = -1;

    private static final String APPLIED = "applied state";

    /** A node that runs, and what its replica said of itself last. */
    private static final class Running {
        final Holder holder;
        ReplicaStatus status;
        boolean led;
        long committed;
        long applied;

        /** Since when it leads, on its clock. */
        long leadsSince;

        /** When each of the others answered it last, on its clock. */
        final Map<NodeId, Long> heard = new HashMap<>();

        Running(Holder holder, ReplicaStatus status) {
            this.holder = holder;
            this.status = status;
        }
    }

    private final Disks disks = new Disks();
    private final CommittedLog committed;
    private final Promises promises;
    private final Map<NodeId, Running> running = new HashMap<>();
    private final Map<Long, Holder> leaders = new HashMap<>();
    private final @Nullable SparePolicy spares;

    /**
     * @param rememberedKeys how many request keys the replicas remember
     * @param spareAfter     for how long a voter is silent before a spare steps in, nanoseconds, or {@link #ANY_TIME}
     * @param operationOf    whose write an entry is; null where no client ever wrote it
     */
    public Invariants(int rememberedKeys, long spareAfter, Function<LogEntry, @Nullable Operation> operationOf) {
        this.committed = new CommittedLog(rememberedKeys);
        this.promises = new Promises(operationOf, disks, committed);
        this.spares = spareAfter == ANY_TIME ? null : new SparePolicy(disks, spareAfter);
    }

    // disks

    /** A node has opened its disk and found this. */
    public void opened(NodeId node, HardState hardState, List<LogEntry> log) {
        disks.opened(node, hardState, log);
    }

    /** The hard state is about to be saved; a power cut may leave either. */
    public void saving(NodeId node, HardState state) {
        holder(node).saving = state;
    }

    public void saved(NodeId node, HardState state) {
        Disks.saved(holder(node), state);
    }

    /** The disk is given these entries; they are not durable yet. */
    public void writing(NodeId node, List<LogEntry> entries) {
        Holder holder = holder(node);
        for (LogEntry entry : entries) {
            // The founding entry is of term 0, as that of the next attempt would be: it counts from when others hear of
            // it.
            if (entry.term() > 0) {
                promises.appended(holder, entry);
            }
            holder.disk.append(entry);
        }
    }

    /** The disk is full and took nothing of what it was given from {@code fromIndex} on. */
    public void notWritten(NodeId node, long fromIndex) {
        holder(node).cutDisk(fromIndex);
    }

    public void forced(NodeId node, long durableIndex) {
        Disks.forced(holder(node), durableIndex);
    }

    /** The log is about to be cut; a power cut may leave either. */
    public void cutting(NodeId node, long fromIndex) {
        holder(node).cutting = fromIndex;
    }

    /**
     * The log is durably cut.
     *
     * @param kept what was kept of what was cut, a line of JSON for each index
     */
    public void cut(NodeId node, long fromIndex, String kept) {
        Holder holder = holder(node);
        for (LogEntry entry : holder.disk.after(fromIndex - 1)) {
            if (entry.lastIndex() <= holder.durable) {
                Require.that(
                        isKept(entry, kept),
                        "never silently dropped",
                        () -> holder + " cut off " + entry + " and kept: " + kept);
            }
        }
        holder.cutDisk(fromIndex);
        holder.cutting = Long.MAX_VALUE;
    }

    private static boolean isKept(LogEntry entry, String kept) {
        // of what was stored without payload one line is enough
        long from = entry.isOmitted() ? entry.lastIndex() : entry.firstIndex();
        return LongStream.rangeClosed(from, entry.lastIndex())
                .allMatch(index -> kept.contains("{\"index\":" + index + ",\"term\":" + entry.term() + ","));
    }

    // replicas

    public void started(NodeId node, long incarnation, ReplicaStatus status) {
        Holder holder = disks.find(node, incarnation);
        if (holder == null) {
            throw new IllegalStateException(node + " started with a disk that was never opened");
        }
        Running now = new Running(holder, status);
        running.put(node, now);
        check(now);
    }

    public void stopped(NodeId node) {
        running.remove(node);
    }

    /**
     * The replica has taken these inputs at once and wants these effects; none of them has begun.
     *
     * @param time on the node's clock, nanoseconds
     */
    public void stepped(NodeId node, long time, List<Input> inputs, ReplicaStatus status, List<Effect> effects) {
        Running now = running(node);
        for (Input input : inputs) {
            heard(now, time, input);
        }
        if (status.term() != now.status.term() || now.status.role() != Role.LEADER) {
            now.leadsSince = time;
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.AppendToLog append) {
                append.entries().forEach(entry -> appended(now, time, entry, status));
            } else if (effect instanceof Effect.TruncateLog truncate) {
                truncated(now.holder, truncate.fromIndex());
            }
        }
        ReplicaStatus before = now.status;
        if (status.equals(before)) {
            return;
        }
        now.status = status;
        // a leader may step down in the step in which it commits
        now.led = before.role() == Role.LEADER || status.role() == Role.LEADER;
        if (status.role() == Role.LEADER && (before.role() != Role.LEADER || before.term() != status.term())) {
            beganToLead(now.holder, status);
        }
        check(now);
    }

    private static void heard(Running now, long time, Input input) {
        if (input instanceof Input.Received received
                && received.envelope().term() == now.status.term()
                && (received.envelope().message() instanceof PeerMessage.AppendReply
                        || received.envelope().message() instanceof PeerMessage.HeartbeatReply)) {
            now.heard.put(received.envelope().from(), time);
        }
    }

    private void appended(Running now, long time, LogEntry entry, ReplicaStatus status) {
        Holder holder = now.holder;
        if (status.role() == Role.LEADER && entry.term() == status.term()) {
            checkOneChange(holder, entry, status.commitIndex());
            if (spares != null && holder.log.lastIndex() > 0) {
                membershipOf(entry)
                        .ifPresent(next -> spares.check(
                                holder,
                                entry,
                                next,
                                member -> time - Math.max(now.leadsSince, now.heard.getOrDefault(member, 0L))));
            }
        }
        promises.goesUnderItsKey(entry);
        holder.log.append(entry);
    }

    /** §4.1: a leader changes the membership only when the change before is committed, and an entry of its term. */
    private static void checkOneChange(Holder leader, LogEntry entry, long commitIndex) {
        if (membershipOf(entry).isEmpty()) {
            return;
        }
        LogEntry last = leader.log.at(commitIndex);
        List<LogEntry> open = leader.log.between(commitIndex, leader.log.lastIndex());
        Require.that(
                open.stream().noneMatch(before -> membershipOf(before).isPresent())
                        && last != null
                        && last.term() == entry.term(),
                "one membership change at a time",
                () -> leader + " appends " + entry + " while " + open + " are not committed");
    }

    private static void truncated(Holder holder, long fromIndex) {
        Require.that(
                fromIndex > holder.commit,
                "committed entries stay",
                () -> holder + " cuts its log at " + fromIndex + ", has committed " + holder.commit);
        holder.log.truncateFrom(fromIndex);
    }

    private void beganToLead(Holder leader, ReplicaStatus status) {
        long term = status.term();
        Require.that(
                disks.elected(membersOf(status), leader.node, term),
                "elected by a majority",
                () -> leader + " leads term " + term + " without the votes of a majority of " + membersOf(status));
        Holder other = leaders.putIfAbsent(term, leader);
        // The same one may begin again where it stopped before its new term was saved, and so before anybody heard of
        // it.
        Require.that(
                other == null || other == leader,
                "one leader a term",
                () -> leader + " leads term " + term + ", which " + other + " led before");
        committed.checkComplete(leader, term);
    }

    private void check(Running now) {
        Holder holder = now.holder;
        ReplicaStatus status = now.status;
        Require.that(
                status.term() >= holder.hardState.term(),
                "terms never go back",
                () -> holder + " is in term " + status.term() + ", has saved " + holder.hardState);
        Require.that(
                status.durableIndex() <= holder.durable,
                "durability",
                () -> holder + " says it is durable to " + status.durableIndex() + ", has forced to " + holder.durable);
        Require.that(
                status.commitIndex() >= now.committed,
                "commit index never goes back",
                () -> holder + " went from " + now.committed + " to " + status.commitIndex());
        if (status.commitIndex() > now.committed) {
            checkCommitted(now);
        }
        checkApplied(now);
    }

    private void checkCommitted(Running now) {
        Holder holder = now.holder;
        ReplicaStatus status = now.status;
        Require.that(
                status.commitIndex() <= holder.log.lastIndex(),
                "commit",
                () -> holder + " has committed " + status.commitIndex() + ", its log ends at "
                        + holder.log.lastIndex());
        if (status.role() == Role.LEADER && status.commitIndex() > holder.commit) {
            checkCommitRule(holder, status);
        }
        Require.that(
                now.led || status.commitIndex() <= committed.lastIndex(),
                "leaders commit",
                () -> holder + " knows that " + status.commitIndex() + " is committed, before any leader: "
                        + committed.lastIndex() + " is");
        for (LogEntry entry : holder.log.between(now.committed, status.commitIndex())) {
            boolean fresh = entry.lastIndex() > committed.lastIndex();
            committed.committed(holder, entry, status.term());
            if (fresh) {
                promises.committed(entry);
            }
        }
        now.committed = status.commitIndex();
        holder.commit = Math.max(holder.commit, status.commitIndex());
    }

    /** Raft, §3.6.2 and §4.1: a majority of the voters holds it durably, and it is of the leader's own term. */
    private void checkCommitRule(Holder leader, ReplicaStatus status) {
        LogEntry entry = leader.log.at(status.commitIndex());
        Require.that(
                entry != null && entry.lastIndex() == status.commitIndex() && entry.term() == status.term(),
                "commit of the own term only",
                () -> leader + " committed " + entry + " at " + status.commitIndex() + " while it leads term "
                        + status.term());
        List<Member> members = membersOf(status);
        // the membership may have been changed in the same step, after the commit
        Require.that(
                entry != null
                        && (disks.hasMajority(members, entry)
                                || disks.hasMajority(membershipBefore(leader, entry.lastIndex()), entry)),
                "commit needs a majority",
                () -> leader + " committed " + entry + ", which was durable only at "
                        + (entry == null ? List.of() : disks.holdersOf(entry)) + "; members are " + members);
    }

    private static List<Member> membersOf(ReplicaStatus status) {
        return status.members().stream().map(ReplicaStatus.MemberStatus::member).toList();
    }

    /** The members that a leader's log has up to {@code index}. */
    private static List<Member> membershipBefore(Holder leader, long index) {
        List<LogEntry> entries = leader.log.between(0, index);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Optional<Membership> membership = membershipOf(entries.get(i));
            if (membership.isPresent()) {
                return membership.get().members();
            }
        }
        return List.of();
    }

    static Optional<Membership> membershipOf(LogEntry entry) {
        return entry.type().isControl() && EntryCodec.payload(entry) instanceof Payload.MembershipChange change
                ? Optional.of(change.membership())
                : Optional.empty();
    }

    private void checkApplied(Running now) {
        ReplicaStatus status = now.status;
        long applied = status.state().appliedIndex();
        if (applied == now.applied || now.holder.lacksPayloads()) {
            return;
        }
        Require.that(
                applied > now.applied && applied <= status.commitIndex(),
                APPLIED,
                () -> now.holder + " has applied " + applied + " after " + now.applied + ", committed is "
                        + status.commitIndex());
        if (now.applied == 0) {
            committed.store().compareAll(now.holder.toString(), status.state());
        } else {
            committed.store().compareChanges(now.holder.toString(), now.applied, status.state());
        }
        now.applied = applied;
    }

    /** A node says this to another: what it claims must be on its disk. */
    public void sends(NodeId node, NodeId to, PeerEnvelope envelope) {
        Holder holder = holder(node);
        Speech.check(holder, to, envelope);
        if (envelope.message() instanceof PeerMessage.AppendEntries append) {
            append.entries().forEach(entry -> promises.appended(holder, entry));
        }
    }

    // clients

    /** An attempt was handed to a node. */
    public void attempted(Operation operation, long attempt) {
        operation.stands(attempt, Operation.Standing.OPEN);
    }

    /** @param reason as the replica gave it, null where the request did not come to one */
    public void refused(Operation operation, long attempt, @Nullable Refusal reason) {
        promises.refused(operation, attempt, reason);
    }

    /** Nobody knows what became of the attempt. */
    public void unknown(Operation operation, long attempt) {
        operation.stands(attempt, Operation.Standing.UNKNOWN);
    }

    public void acknowledged(NodeId node, Operation operation, long attempt, Outcome.Acknowledged outcome) {
        promises.acknowledged(node, operation, attempt, outcome);
        Running now = running(node);
        Require.that(
                namesMembers(now, outcome.placement()),
                "write concern",
                () -> operation + " was acknowledged as " + outcome.placement() + ", members are "
                        + membersOf(now.status));
        long voters = now.status.members().stream()
                .filter(member -> member.member().kind().votes())
                .count();
        Require.that(
                outcome.placement().committed() || outcome.w() < voters / 2 + 1,
                "write concern",
                () -> operation + " was acknowledged by " + outcome.w() + " of " + voters + " voters, not committed: "
                        + outcome.placement());
    }

    /** Whether those who hold an entry, and those who do not, are the data-bearing members that the node has, or had. */
    private static boolean namesMembers(Running node, Outcome.Placement placement) {
        List<NodeId> named = Stream.concat(placement.acks().stream(), placement.missing().stream())
                .sorted()
                .toList();
        // one that has lost the lead answers by the membership that it had then, which may be cut off since
        return node.status.role() != Role.LEADER
                || named.equals(dataBearing(membersOf(node.status)))
                || node.holder.log.all().stream()
                        .flatMap(entry -> membershipOf(entry).stream())
                        .anyMatch(membership -> named.equals(dataBearing(membership.members())));
    }

    private static List<NodeId> dataBearing(List<Member> members) {
        return members.stream()
                .filter(member -> member.kind().bearsData())
                .map(Member::id)
                .sorted()
                .toList();
    }

    /** A node said who holds an entry: in answer to a question, or with an unknown outcome. */
    public void answered(Outcome.Placement placement) {
        LogEntry entry = promises.entry(placement.term(), placement.index());
        Require.that(
                entry != null || placement.acks().isEmpty(),
                "acknowledged where it stands",
                () -> "nothing stands at " + placement);
        if (entry != null) {
            promises.checkHolders("a question", placement, entry);
        }
    }

    // what the world wants to know

    public long committedIndex() {
        return committed.lastIndex();
    }

    /** All that is committed, in order. */
    public List<LogEntry> committedEntries() {
        return List.copyOf(committed.log().all());
    }

    /** The newest committed membership. */
    public Membership membership() {
        return committed.membership();
    }

    /** In how many terms there was a leader. */
    public int terms() {
        return leaders.size();
    }

    /** Id of the last message up to a committed index. */
    public long lastIdAt(long index) {
        LogEntry entry = committed.at(index);
        return entry == null ? 0 : entry.lastId();
    }

    /**
     * Whether the promises reach as far as losing the disk of {@code node} while those of {@code lost} are lost already:
     * the other voters are a majority, and one of them that may lead holds all that is committed and has the newest log.
     */
    public boolean mayLose(NodeId node, Set<NodeId> lost) {
        Membership membership = committed.membership();
        Member member = membership.find(node).orElse(null);
        if (member == null || !member.kind().votes()) {
            return member != null;
        }
        List<Holder> left = membership.members().stream()
                .filter(other -> other.kind().votes() && !other.id().equals(node) && !lost.contains(other.id()))
                .map(other -> disks.find(other.id(), other.incarnation()))
                .filter(Objects::nonNull)
                .toList();
        // A founder that lost its disk together with voters that never got any data could not tell its cluster from a
        // new one, where the rest does not answer.
        if (left.size() < membership.majority() || left.stream().anyMatch(holder -> holder.durable == 0)) {
            return false;
        }
        // What the lost node had sent may still reach a witness, which then knows of entries that nobody else may have.
        boolean witnessed = left.stream()
                .anyMatch(holder ->
                        !membership.find(holder.node).orElseThrow().kind().mayLead());
        Stream<Holder> seen = witnessed
                ? Stream.concat(left.stream(), Stream.ofNullable(disks.find(node, member.incarnation())))
                : left.stream();
        Holder newest = seen.max(Comparator.<Holder>comparingLong(holder -> holder.disk.lastTerm())
                        .thenComparingLong(holder -> holder.disk.lastIndex()))
                .orElseThrow();
        LogEntry last = committed.at(committed.lastIndex());
        return left.stream()
                .filter(holder ->
                        membership.find(holder.node).orElseThrow().kind().mayLead())
                .anyMatch(holder -> holder.disk.lastTerm() == newest.disk.lastTerm()
                        && holder.disk.lastIndex() == newest.disk.lastIndex()
                        && (last == null || holder.holds(last)));
    }

    /**
     * Entries that are durable on this disk and have others durably behind them: damage to them is never taken for a torn
     * end.
     */
    public List<LogEntry> settled(NodeId node, long incarnation) {
        Holder holder = disks.find(node, incarnation);
        return holder == null ? List.of() : List.copyOf(holder.disk.between(0, holder.durableBefore));
    }

    /** Whether the log on this disk has a membership that is not known to be committed. */
    public boolean changesMembership(NodeId node, long incarnation) {
        Holder holder = disks.find(node, incarnation);
        return holder != null
                && (hasMembershipAfter(holder.log, committed.lastIndex())
                        || hasMembershipAfter(holder.disk, committed.lastIndex()));
    }

    private static boolean hasMembershipAfter(ShadowLog log, long index) {
        return log.after(index).stream().anyMatch(entry -> membershipOf(entry).isPresent());
    }

    /** Whether this disk was a witness's. */
    public boolean lacksPayloads(NodeId node, long incarnation) {
        Holder holder = disks.find(node, incarnation);
        return holder != null && holder.lacksPayloads();
    }

    private Holder holder(NodeId node) {
        return running(node).holder;
    }

    private Running running(NodeId node) {
        Running now = running.get(node);
        if (now == null) {
            throw new IllegalStateException(node + " does not run");
        }
        return now;
    }
}

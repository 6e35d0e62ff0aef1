package io.replog.simulation.world;

import io.replog.checker.LinearizabilityChecker;
import io.replog.checker.LogChecker;
import io.replog.checker.NodeLog;
import io.replog.checker.Verdict;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.simulation.invariant.InvariantViolation;
import io.replog.storage.LogReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What must be true once nothing goes wrong any more: within a bounded time the cluster takes a write that all members
 * hold, all logs are the same, and what clients saw fits together.
 */
final class EndCheck {
    /** Generous: an election takes one or two time-outs, a blank voter is bound by two membership changes after that. */
    private static final int ELECTION_TIMEOUTS = 60;

    private static final long STEP = 50_000_000L;
    private static final long KEY_BUDGET = 2_000_000;

    private final World world;
    private final long healedAt;
    private long recoveredIn;
    private @Nullable Write probe;

    EndCheck(World world) {
        this.world = world;
        this.healedAt = world.agenda().now();
    }

    void run() {
        long limit = healedAt + ELECTION_TIMEOUTS * world.scenario().timing().electionTimeout();
        probe();
        while (recoveredIn == 0) {
            if (world.agenda().now() >= limit) {
                throw new InvariantViolation(
                        "liveness",
                        "no write is acknowledged by all members " + seconds(limit) + " s after everything was healed: "
                                + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
        long handOverLimit =
                limit + ELECTION_TIMEOUTS * world.scenario().timing().electionTimeout();
        while (!bestLeads()) {
            if (world.agenda().now() >= handOverLimit) {
                throw new InvariantViolation(
                        "priority",
                        "no node of the highest priority leads " + seconds(handOverLimit) + " s after healing: "
                                + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
        bind();
        converge(limit);
        replaceAVoter();
    }

    /** Every disk of a voter gets its vote, be it new. */
    private void bind() {
        long limit = world.agenda().now()
                + ELECTION_TIMEOUTS * world.scenario().timing().electionTimeout();
        while (!members().stream()
                .allMatch(member -> !member.kind().votes()
                        || member.incarnation() == world.node(member.id()).incarnation())) {
            if (world.agenda().now() >= limit) {
                throw new InvariantViolation(
                        "liveness", "a voter has no vote " + seconds(limit) + " s after healing: " + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
    }

    private void converge(long soonest) {
        long limit = Math.max(soonest, world.agenda().now() + ELECTION_TIMEOUTS * STEP);
        while (!converged()) {
            if (world.agenda().now() >= limit) {
                throw new InvariantViolation(
                        "convergence", "the logs differ " + seconds(limit) + " s after healing: " + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
    }

    /** Lets a voter die where a spare and a majority are there: the spare takes its place, and it comes back as a spare. */
    private void replaceAVoter() {
        Membership before = world.invariants().membership();
        List<Member> voters = before.members().stream()
                .filter(member -> member.kind() == MemberKind.VOTER)
                .toList();
        boolean hasSpare = before.members().stream().anyMatch(member -> member.kind() == MemberKind.SPARE);
        if (!hasSpare || voters.size() < 2 || before.voterCount() - 1 < before.majority()) {
            return;
        }
        Member victim = voters.get((int) (world.invariants().committedIndex() % voters.size()));
        SimulatedNode node = world.node(victim.id());
        long limit = world.agenda().now()
                + world.scenario().timing().spareAfter()
                + ELECTION_TIMEOUTS * world.scenario().timing().electionTimeout();
        node.goAway();
        node.kill("for good, so that a spare takes its place");
        while (!isReplaced(victim.id(), before)) {
            if (world.agenda().now() >= limit) {
                throw new InvariantViolation(
                        "spares", "nobody has taken the place of " + victim + " in " + before + ": " + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
        node.comeBack();
        node.start();
        converge(world.agenda().now()
                + ELECTION_TIMEOUTS * world.scenario().timing().electionTimeout());
    }

    private boolean isReplaced(NodeId victim, Membership before) {
        Membership now = world.invariants().membership();
        return is(MemberKind.SPARE, victim, now)
                && before.members().stream()
                        .anyMatch(
                                member -> member.kind() == MemberKind.SPARE && is(MemberKind.VOTER, member.id(), now));
    }

    private static boolean is(MemberKind kind, NodeId member, Membership membership) {
        return membership.find(member).filter(found -> found.kind() == kind).isPresent();
    }

    private long seconds(long limit) {
        return (limit - healedAt) / 1_000_000_000L;
    }

    /** Writes for all members, and writes something else where that takes so long that its key may be forgotten. */
    private void probe() {
        long id = world.history().nextId();
        RequestKey key = new RequestKey.Idempotency(History.idempotencyKey(id), id);
        probe = new Write(
                world,
                new SplittableRandom(id),
                "probe",
                id,
                new Write.Content.Messages(List.of("m" + id + ".0")),
                key,
                WriteConcern.ALL,
                ELECTION_TIMEOUTS / 4 * world.scenario().timing().electionTimeout(),
                this::probed);
        probe.attempt();
    }

    private void probed() {
        if (probe != null && probe.isAcknowledged()) {
            recoveredIn = world.agenda().now() - healedAt;
        } else {
            probe();
        }
    }

    private List<Member> members() {
        return world.invariants().membership().members();
    }

    /** Whether none of those that may lead, with the disk that the membership knows, has a higher priority than the leader. */
    private boolean bestLeads() {
        int leading = -1;
        int best = 0;
        for (Member member : members()) {
            SimulatedNode node = world.node(member.id());
            NodeProcess process = node.process();
            if (process == null || !member.kind().mayLead() || member.incarnation() != node.incarnation()) {
                continue;
            }
            best = Math.max(best, member.priority());
            ReplicaStatus status = process.status();
            if (status.role() == Role.LEADER && status.quorum()) {
                leading = member.priority();
            }
        }
        return leading >= best;
    }

    private boolean converged() {
        long committed = world.invariants().committedIndex();
        Long digest = null;
        for (Member member : members()) {
            NodeProcess process = world.node(member.id()).process();
            if (process == null) {
                return false;
            }
            ReplicaStatus status = process.status();
            if (status.commitIndex() != committed || status.durableIndex() != committed) {
                return false;
            }
            if (member.kind().bearsData()) {
                Long own = process.directory().log().reader().digest(committed).orElse(null);
                if (own == null
                        || status.state().appliedIndex() != committed
                        || (digest != null && !digest.equals(own))) {
                    return false;
                }
                digest = own;
            }
        }
        return true;
    }

    private String statuses() {
        StringBuilder text = new StringBuilder();
        for (SimulatedNode node : world.nodes()) {
            NodeProcess process = node.process();
            text.append("\n    ").append(node).append(": ");
            if (process == null) {
                text.append("down");
                continue;
            }
            ReplicaStatus status = process.status();
            NodeId leader = status.leader();
            text.append(status.role())
                    .append(" term ")
                    .append(status.term())
                    .append(" leader ")
                    .append(leader)
                    .append(" commit ")
                    .append(status.commitIndex())
                    .append(" last ")
                    .append(status.lastIndex())
                    .append(" durable ")
                    .append(status.durableIndex())
                    .append(" incarnation ")
                    .append(Long.toHexString(node.incarnation()))
                    .append(status.catchingUp() ? " catching up" : "")
                    .append(status.stranded() == null ? "" : " stranded: " + status.stranded())
                    .append(status.role() == Role.LEADER ? " members " + status.members() : "");
        }
        return text.append("\n    committed membership: ").append(members()).toString();
    }

    Report judge(long events) {
        Verdict keys = LinearizabilityChecker.check(world.history().keyOperations, KEY_BUDGET);
        Verdict log = LogChecker.check(world.history().submissions, world.history().listReads, listings());
        if (keys instanceof Verdict.Violated violated) {
            throw new InvariantViolation(
                    "linearizability", violated.violations().toString());
        }
        if (log instanceof Verdict.Violated violated) {
            throw new InvariantViolation("log", violated.violations().toString());
        }
        return new Report(
                events, world.invariants().terms(), world.invariants().committedIndex(), keys, log, recoveredIn);
    }

    private List<NodeLog> listings() {
        // A late write may be on one disk already, and nobody has heard of it yet.
        long committed = world.invariants().committedIndex();
        List<NodeLog> listings = new ArrayList<>();
        for (Member member : members()) {
            NodeProcess process = world.node(member.id()).process();
            if (member.kind().bearsData() && process != null) {
                listings.add(listing(member.id(), process.directory().log().reader(), committed));
            }
        }
        return listings;
    }

    private static NodeLog listing(NodeId node, LogReader reader, long committed) {
        List<NodeLog.Message> messages = new ArrayList<>();
        reader.scan(1).forEachRemaining(entry -> {
            if (entry.lastIndex() <= committed) {
                addMessages(messages, entry);
            }
        });
        return new NodeLog(node.value(), true, messages);
    }

    private static void addMessages(List<NodeLog.Message> messages, LogEntry entry) {
        if (entry.type() == EntryType.MESSAGES && EntryCodec.payload(entry) instanceof Payload.Messages batch) {
            long id = entry.firstId();
            for (byte[] text : batch.texts()) {
                messages.add(new NodeLog.Message(id++, new String(text, StandardCharsets.UTF_8)));
            }
        }
    }
}

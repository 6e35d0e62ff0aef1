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
        limit = Math.max(limit, world.agenda().now() + ELECTION_TIMEOUTS * STEP);
        while (!converged()) {
            if (world.agenda().now() >= limit) {
                throw new InvariantViolation(
                        "convergence", "the logs differ " + seconds(limit) + " s after healing: " + statuses());
            }
            world.runUntil(world.agenda().now() + STEP);
        }
    }

    private long seconds(long limit) {
        return (limit - healedAt) / 1_000_000_000L;
    }

    /** Writes for as long as it takes, for all members. */
    private void probe() {
        long id = world.history().nextId();
        RequestKey key = new RequestKey.Idempotency(History.idempotencyKey(id), id);
        new Write(
                        world,
                        new SplittableRandom(id),
                        "probe",
                        id,
                        new Write.Content.Messages(List.of("m" + id + ".0")),
                        key,
                        WriteConcern.ALL,
                        Long.MAX_VALUE,
                        () -> recoveredIn = world.agenda().now() - healedAt)
                .attempt();
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
        List<NodeLog> listings = new ArrayList<>();
        for (Member member : members()) {
            NodeProcess process = world.node(member.id()).process();
            if (member.kind().bearsData() && process != null) {
                listings.add(listing(member.id(), process.directory().log().reader()));
            }
        }
        return listings;
    }

    private static NodeLog listing(NodeId node, LogReader reader) {
        List<NodeLog.Message> messages = new ArrayList<>();
        reader.scan(1).forEachRemaining(entry -> addMessages(messages, entry));
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

package io.replog.simulation.world;

import io.replog.checker.KvOperation;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.simulation.invariant.InvariantViolation;
import io.replog.simulation.invariant.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One write of a client, with all its attempts: a refused one is tried again elsewhere, one of unknown outcome only where
 * a key makes that safe.
 */
final class Write implements Attempt.Listener {
    private static final long MILLISECOND = 1_000_000;
    private static final long LONGEST_UNTIL_REPEAT = 1_000 * MILLISECOND;

    /** What is written, and how it goes into the history. */
    sealed interface Content {
        record Messages(List<String> texts) implements Content {}

        record Command(KvCommand command) implements Content {}
    }

    private final World world;
    private final RandomGenerator random;
    private final String client;
    private final Content content;
    private final RequestKey key;
    private final WriteConcern w;
    private final Operation operation;
    private final EncodedRequest request;
    private final Runnable done;
    private final long invoked;
    private final long patience;
    private boolean doubtful;
    private boolean finished;
    private boolean acknowledged;
    private SimulatedNode target;

    /**
     * @param patience how long the client tries
     * @param done     called once, when the outcome is settled as far as it will be
     */
    Write(
            World world,
            RandomGenerator random,
            String client,
            long id,
            Content content,
            RequestKey key,
            WriteConcern w,
            long patience,
            Runnable done) {
        this.world = world;
        this.random = random;
        this.client = client;
        this.content = content;
        this.key = key;
        this.w = w;
        this.patience = patience;
        this.done = done;
        this.invoked = world.agenda().now();
        this.operation = world.history().begin(id, key, w);
        this.request = EntryCodec.encode(key, payload(content));
        this.target = world.anyNode(random);
    }

    static Payload payload(Content content) {
        return switch (content) {
            case Content.Messages messages ->
                new Payload.Messages(messages.texts().stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList());
            case Content.Command command -> new Payload.Command(command.command());
        };
    }

    void attempt() {
        if (finished) {
            return;
        }
        long timeout = 200 * MILLISECOND + random.nextLong(3_000 * MILLISECOND);
        world.clients()
                .request(
                        target,
                        operation,
                        timeout + 1_000 * MILLISECOND,
                        (id, now) -> new Input.Append(id, request, w, now + timeout),
                        this);
    }

    @Override
    public void answered(NodeProcess process, Outcome outcome) {
        switch (outcome) {
            case Outcome.Acknowledged acknowledged -> {
                finish(Status.OK, acknowledged);
                repeat(world.node(process.id()), acknowledged.placement());
            }
            case Outcome.Refused refused -> {
                if (Attempt.isPassing(refused.reason())) {
                    NodeId leader = process.status().leader();
                    again(leader == null ? null : world.node(leader));
                } else {
                    switch (refused.reason()) {
                        case WRITE_CONCERN, KEY_REUSED, SEQUENCE_TOO_OLD -> settle();
                        default ->
                            throw new InvariantViolation(
                                    "refusals", operation + " was refused for " + refused.reason());
                    }
                }
            }
            case Outcome.Unknown unknown -> {
                settleByAcks(process, unknown.placement());
                lost();
            }
            case Outcome.Acks _, Outcome.ReadReady _, Outcome.Done _ ->
                throw new IllegalStateException("a write was answered with " + outcome);
        }
    }

    @Override
    public void refused() {
        again(null);
    }

    @Override
    public void lost() {
        doubtful = true;
        if (key instanceof RequestKey.None) {
            finish(Status.UNKNOWN, null);
        } else {
            again(null);
        }
    }

    /** Sends it once more, although it was answered: what the node says then is judged like every answer. */
    private void repeat(SimulatedNode leader, Outcome.Placement placement) {
        double share = world.scenario().keyAbuse();
        if (share == 0 || key instanceof RequestKey.None || !placement.committed() || random.nextDouble() >= share) {
            return;
        }
        world.agenda().after(random.nextLong(LONGEST_UNTIL_REPEAT), () -> world.clients()
                .request(
                        leader,
                        operation,
                        2_000 * MILLISECOND,
                        (id, now) -> new Input.Append(id, request, w, now + 1_000 * MILLISECOND),
                        Attempt.Listener.NOBODY));
    }

    private void again(@Nullable SimulatedNode leader) {
        if (world.agenda().now() - invoked > patience) {
            settle();
            return;
        }
        target = leader == null || random.nextInt(4) == 0 ? world.anyNode(random) : leader;
        world.agenda().after(10 * MILLISECOND + random.nextLong(200 * MILLISECOND), this::attempt);
    }

    private void settle() {
        finish(doubtful ? Status.UNKNOWN : Status.REFUSED, null);
    }

    /** Asks who holds an entry that was answered with "unknown". */
    private void settleByAcks(NodeProcess process, Outcome.Placement placement) {
        world.invariants().answered(placement);
        world.clients()
                .request(
                        world.node(process.id()),
                        null,
                        2_000 * MILLISECOND,
                        (id, now) -> new Input.AwaitAcks(id, placement.index(), now + 1_000 * MILLISECOND),
                        new Attempt.Listener() {
                            @Override
                            public void answered(NodeProcess answering, Outcome outcome) {
                                if (outcome instanceof Outcome.Acks acks) {
                                    world.invariants().answered(acks.placement());
                                }
                            }

                            @Override
                            public void refused() {}

                            @Override
                            public void lost() {}
                        });
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Gives up, at the end of the world. */
    void abandon() {
        if (!finished) {
            finish(Status.UNKNOWN, null);
        }
    }

    private void finish(Status status, Outcome.@Nullable Acknowledged answer) {
        finished = true;
        acknowledged = status == Status.OK;
        long now = world.agenda().now();
        switch (content) {
            case Content.Messages messages ->
                world.history().submissions.add(submission(messages.texts(), status, answer, now));
            case Content.Command command ->
                world.history().keyOperations.add(keyOperation(command.command(), status, answer, now));
        }
        done.run();
    }

    private Submission submission(
            List<String> texts, Status status, Outcome.@Nullable Acknowledged acknowledged, long now) {
        Submission.Placement placement = null;
        if (acknowledged != null) {
            Outcome.Placement stands = acknowledged.placement();
            placement = new Submission.Placement(
                    stands.firstId(),
                    stands.lastId(),
                    w.equals(WriteConcern.MAJORITY) ? 0 : acknowledged.w(),
                    stands.acks().stream().map(NodeId::value).toList());
        }
        boolean durable = acknowledged != null && acknowledged.placement().committed();
        String requestKey = key instanceof RequestKey.None ? null : key.toString();
        return new Submission(operation.id(), client, requestKey, texts, durable, status, placement, invoked, now);
    }

    /** What is acknowledged below the majority may be rolled back, so for the history nobody knows. */
    private KvOperation keyOperation(
            KvCommand command, Status status, Outcome.@Nullable Acknowledged acknowledged, long now) {
        Status known = status;
        KvOperation.Observation observation = null;
        if (acknowledged != null) {
            switch (acknowledged.kv()) {
                case KvResult.Applied applied -> observation = new KvOperation.Observation(applied.previous());
                case KvResult.ConditionFailed _, KvResult.ValueTooLarge _ -> known = Status.REFUSED;
                case KvResult.Forgotten _ -> {}
                case null -> known = Status.UNKNOWN;
            }
            if (!acknowledged.placement().committed()) {
                known = Status.UNKNOWN;
                observation = null;
            }
        }
        KvOperation.Kind kind =
                switch (command.operation()) {
                    case PUT -> KvOperation.Kind.PUT;
                    case APPEND -> KvOperation.Kind.APPEND;
                    case HASH -> KvOperation.Kind.HASH;
                    case DELETE -> KvOperation.Kind.DELETE;
                };
        return new KvOperation(
                operation.id(), client, kind, command.key(), command.value(), known, observation, invoked, now);
    }
}

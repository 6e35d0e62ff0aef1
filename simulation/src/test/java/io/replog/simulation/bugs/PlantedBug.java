package io.replog.simulation.bugs;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Effect;
import io.replog.core.replica.HardState;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.RecoveredState;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.ReplicaConfig;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.simulation.world.ReplicaPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The bugs. Each says what a careless implementation does. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are made by constants alone
enum PlantedBug {
    /** The vote is given and never written down. */
    VOTE_NOT_PERSISTED(VoteNotPersisted::new, "votes are persisted"),
    /** The vote is written down, and the process that starts again does not look. */
    VOTE_FORGOTTEN_AT_RESTART(PlantedBug::forgetVote, "one vote a term"),
    /** Whoever asks in a term gets the vote. */
    TWO_VOTES_IN_A_TERM(TwoVotes::new, "votes are persisted"),
    /** What a majority holds is committed, whatever its term (Raft, figure 3.7). */
    OLD_TERM_COMMITTED_BY_COUNTING(OldTermCommitted::new, "leaders commit", "commit of the own term only"),
    /** An entry counts as stored when it was handed to the disk. */
    ACKNOWLEDGED_BEFORE_FORCE(AcknowledgedBeforeForce::new, "durability"),
    /** A flush notice from before a truncation certifies what was appended in the place of what was cut. */
    FLUSH_NOTICE_OF_AN_OLD_TERM(OldFlushNotice::new, "durability"),
    /** A late append cuts off everything behind it, conflict or not. */
    TRUNCATION_BELOW_COMMIT(CutWithoutConflict::new, "committed entries stay"),
    /** Whoever thinks that it leads answers reads at once. */
    STALE_READ_BY_A_DEPOSED_LEADER(UnconfirmedRead::new, "linearizability", "log"),
    /** After a restart no request is known any more. */
    REQUEST_KEYS_FORGOTTEN_AT_RESTART(KeysForgotten::new, "at most once"),
    /** An acknowledgement that comes twice counts for two. */
    DUPLICATE_ACKNOWLEDGEMENT_COUNTED(DuplicateCounted::new, "commit needs a majority"),
    /** A voter that lost its disk votes as before. */
    BLANK_VOTER_VOTES(BlankVoter::new, "elected by a majority"),
    /** The next membership comes before the last one is committed. */
    MEMBERSHIP_CHANGED_BEFORE_COMMIT(
            HastyMembership::new, "commit needs a majority", "one membership change at a time"),
    /** A write whose outcome is unknown is reported as not stored. */
    UNKNOWN_TOLD_AS_NOT_STORED(UnknownAsRefused::new, "not stored"),
    /** The write concern is forgotten: the leader alone is enough. */
    MAJORITY_NOT_WAITED_FOR(MajorityNotAwaited::new, "write concern"),
    /** The follower does not compare the term before the entries. */
    CONSISTENCY_CHECK_SKIPPED(ConsistencySkipped::new, "committed prefixes are equal", "log matching", "durability"),
    /** Only the newest request key is remembered, not as many as was promised. */
    REQUEST_KEYS_EXPIRE_TOO_EARLY(PlantedBug::rememberOneKey, "at most once"),
    /** Whoever comes with a key that was used before gets the answer of the other request. */
    CONTENT_UNDER_A_KEY_NOT_COMPARED(ContentNotCompared::new, "acknowledged where it stands"),
    /** A number of members that must hold a write is not waited for, and the number that does is given out. */
    NUMBER_NOT_WAITED_FOR(NumberNotAwaited::new, "write concern"),
    /** An answer names all members, whether they hold the write or not. */
    HOLDERS_MADE_UP(HoldersMadeUp::new, "acknowledged is durable"),
    /** A spare steps in as soon as a voter is missed. */
    SPARE_STEPS_IN_AT_ONCE(PlantedBug::replaceAtOnce, "spares"),
    /** A spare steps in for a voter that is still awaited for the first time. */
    SPARE_STEPS_IN_FOR_A_VOTER_THAT_WAS_NEVER_UP(AwaitedReplaced::new, "spares");

    private final ReplicaPort.Factory replicas;
    private final Set<String> expected;

    PlantedBug(Tampering.Maker maker, String... expected) {
        this(Tampering.factory(maker), expected);
    }

    PlantedBug(ReplicaPort.Factory replicas, String... expected) {
        this.replicas = replicas;
        this.expected = Set.of(expected);
    }

    ReplicaPort.Factory replicas() {
        return replicas;
    }

    /** The invariants that see it; another one may see a consequence first. */
    Set<String> expected() {
        return expected;
    }

    private static ReplicaPort forgetVote(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        HardState saved = recovered.hardState();
        RecoveredState forgetful = new RecoveredState(
                new HardState(saved.cluster(), saved.incarnation(), saved.term(), null),
                recovered.snapshot(),
                recovered.controlEntries(),
                recovered.entries(),
                recovered.lastIndex(),
                recovered.lastTerm(),
                recovered.lastId(),
                recovered.setAside());
        return ReplicaPort.Factory.REAL.create(config, forgetful, random, wallClock, now);
    }

    private static ReplicaPort rememberOneKey(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        ReplicaConfig.Limits limits = config.limits();
        ReplicaConfig forgetful = with(
                config,
                config.timing(),
                new ReplicaConfig.Limits(
                        limits.batchBytes(),
                        limits.inFlightBatches(),
                        limits.inFlightBytes(),
                        limits.tailBytes(),
                        limits.uncommittedBytes(),
                        limits.waiting(),
                        1,
                        limits.snapshotBytes()));
        return ReplicaPort.Factory.REAL.create(forgetful, recovered, random, wallClock, now);
    }

    private static ReplicaPort replaceAtOnce(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        ReplicaConfig.Timing timing = config.timing();
        ReplicaConfig impatient = with(
                config,
                new ReplicaConfig.Timing(
                        timing.heartbeatInterval(), timing.electionTimeout(), 1, timing.commitNotice()),
                config.limits());
        return ReplicaPort.Factory.REAL.create(impatient, recovered, random, wallClock, now);
    }

    private static ReplicaConfig with(ReplicaConfig config, ReplicaConfig.Timing timing, ReplicaConfig.Limits limits) {
        return new ReplicaConfig(
                config.self(), config.configured(), config.founder(), config.fixedLeader(), timing, limits);
    }

    private static final class VoteNotPersisted extends Tampering {
        VoteNotPersisted(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (!(effect instanceof Effect.SaveHardState save) || save.state().votedFor() == null) {
                effects.add(effect);
            }
        }
    }

    private static final class TwoVotes extends Tampering {
        TwoVotes(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.Send send
                    && send.envelope().message() instanceof PeerMessage.Vote vote
                    && !vote.preVote()
                    && vote.term() == hardState.term()) {
                effects.add(say(send, new PeerMessage.Vote(false, vote.term(), true)));
            } else {
                effects.add(effect);
            }
        }
    }

    private static final class OldTermCommitted extends Tampering {
        private final Map<String, Long> held = new HashMap<>();

        OldTermCommitted(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (input instanceof Input.Received received
                    && received.envelope().message() instanceof PeerMessage.AppendReply reply
                    && reply.accepted()) {
                held.merge(received.envelope().from().value(), reply.durableIndex(), Math::max);
            }
            inputs.add(input);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.RoleChanged) {
                held.clear();
            }
            if (effect instanceof Effect.Send send
                    && send.envelope().message() instanceof PeerMessage.AppendEntries append) {
                long commit = Math.max(append.commitIndex(), counted());
                effects.add(say(
                        send,
                        new PeerMessage.AppendEntries(
                                append.prevIndex(),
                                append.prevTerm(),
                                append.entries(),
                                commit,
                                append.replicatedIndex())));
            } else {
                effects.add(effect);
            }
        }

        private long counted() {
            ReplicaStatus status = real.status();
            long[] indexes = status.members().stream()
                    .filter(member -> member.member().kind().votes())
                    .mapToLong(member -> member.member().id().equals(self)
                            ? status.durableIndex()
                            : held.getOrDefault(member.member().id().value(), 0L))
                    .sorted()
                    .toArray();
            return indexes.length == 0 ? 0 : indexes[(indexes.length - 1) / 2];
        }
    }

    private static final class AcknowledgedBeforeForce extends Tampering {
        AcknowledgedBeforeForce(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            effects.add(effect);
            if (effect instanceof Effect.AppendToLog append) {
                slipIn(
                        new Input.LogFlushed(
                                append.term(), append.entries().getLast().lastIndex()),
                        effects);
            }
        }
    }

    private static final class OldFlushNotice extends Tampering {
        OldFlushNotice(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(
                    input instanceof Input.LogFlushed flushed
                            ? new Input.LogFlushed(
                                    hardState.term(),
                                    Math.min(flushed.index(), real.status().lastIndex()))
                            : input);
        }
    }

    private static final class CutWithoutConflict extends Tampering {
        CutWithoutConflict(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (input instanceof Input.Received received
                    && received.envelope().message() instanceof PeerMessage.AppendEntries append
                    && !append.entries().isEmpty()
                    && append.entries().getLast().lastIndex() < real.status().durableIndex()
                    && received.envelope().term() == hardState.term()) {
                effects.add(new Effect.TruncateLog(append.entries().getLast().lastIndex() + 1));
            }
            inputs.add(input);
        }
    }

    private static final class UnconfirmedRead extends Tampering {
        UnconfirmedRead(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (input instanceof Input.Read read && real.status().role() == Role.LEADER) {
                effects.add(new Effect.Respond(
                        read.requestId(), new Outcome.ReadReady(real.status().commitIndex())));
            } else {
                inputs.add(input);
            }
        }
    }

    private static final class KeysForgotten extends Tampering {
        private final long recoveredTo;
        private final Set<RequestKey> known = new HashSet<>();

        KeysForgotten(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
            recoveredTo = recovered.lastIndex();
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (input instanceof Input.Append append
                    && recoveredTo > 0
                    && append.request().type() == EntryType.MESSAGES
                    && !known.contains(append.request().key())) {
                inputs.add(new Input.Append(
                        append.requestId(), withoutKey(append.request()), append.w(), append.deadline()));
            } else {
                inputs.add(input);
            }
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.AppendToLog append) {
                append.entries().forEach(entry -> known.add(EntryCodec.requestKey(entry)));
            }
            effects.add(effect);
        }

        private static EncodedRequest withoutKey(EncodedRequest request) {
            return under(RequestKey.NONE, request);
        }
    }

    private static EncodedRequest under(RequestKey key, EncodedRequest request) {
        int messages = request.type() == EntryType.MESSAGES ? request.count() : 0;
        LogEntry entry = EntryCodec.frame(new EntryHeader(1, request.count(), 1, 0, messages, 0), request);
        return EntryCodec.encode(key, EntryCodec.payload(entry));
    }

    private static final class DuplicateCounted extends Tampering {
        DuplicateCounted(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(input);
            if (input instanceof Input.Received received
                    && received.envelope().message() instanceof PeerMessage.AppendReply reply
                    && reply.accepted()) {
                PeerEnvelope envelope = received.envelope();
                real.status().members().stream()
                        .map(ReplicaStatus.MemberStatus::member)
                        .filter(member -> !member.id().equals(self)
                                && !member.id().equals(envelope.from())
                                && member.kind().votes()
                                && member.incarnation() != Member.UNBOUND)
                        .findFirst()
                        .ifPresent(other -> inputs.add(new Input.Received(new PeerEnvelope(
                                envelope.cluster(), other.id(), other.incarnation(), envelope.term(), reply))));
            }
        }
    }

    private static final class BlankVoter extends Tampering {
        BlankVoter(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(
                    input instanceof Input.Received received
                            ? new Input.Received(asIfBound(received.envelope()))
                            : input);
        }

        private PeerEnvelope asIfBound(PeerEnvelope envelope) {
            return switch (envelope.message()) {
                case PeerMessage.PreVote ask ->
                    saying(
                            envelope,
                            envelope.incarnation(),
                            new PeerMessage.PreVote(
                                    ask.nextTerm(), ask.lastIndex(), ask.lastTerm(), hardState.incarnation()));
                case PeerMessage.RequestVote ask ->
                    saying(
                            envelope,
                            envelope.incarnation(),
                            new PeerMessage.RequestVote(
                                    ask.lastIndex(), ask.lastTerm(), hardState.incarnation(), ask.transfer()));
                case PeerMessage.Vote vote -> {
                    long bound = real.status().members().stream()
                            .map(ReplicaStatus.MemberStatus::member)
                            .filter(member -> member.id().equals(envelope.from()))
                            .mapToLong(Member::incarnation)
                            .findFirst()
                            .orElse(envelope.incarnation());
                    yield saying(envelope, bound, vote);
                }
                default -> envelope;
            };
        }

        private static PeerEnvelope saying(PeerEnvelope envelope, long incarnation, PeerMessage message) {
            return new PeerEnvelope(envelope.cluster(), envelope.from(), incarnation, envelope.term(), message);
        }
    }

    private static final class HastyMembership extends Tampering {
        HastyMembership(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(input);
            if (input instanceof Input.LogFlushed flushed
                    && real.status().role() == Role.LEADER
                    && flushed.index() == membershipIndex) {
                for (ReplicaStatus.MemberStatus peer : real.status().members()) {
                    Member member = peer.member();
                    if (!member.id().equals(self) && member.kind().votes() && member.incarnation() != Member.UNBOUND) {
                        inputs.add(new Input.Received(new PeerEnvelope(
                                hardState.cluster(),
                                member.id(),
                                member.incarnation(),
                                hardState.term(),
                                new PeerMessage.AppendReply(true, flushed.index(), flushed.index(), 0, 0))));
                    }
                }
            }
        }

        private long membershipIndex;

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.AppendToLog append) {
                LogEntry last = append.entries().getLast();
                if (last.type() == EntryType.MEMBERSHIP && last.term() == hardState.term()) {
                    membershipIndex = last.lastIndex();
                }
            }
            effects.add(effect);
        }
    }

    private static final class UnknownAsRefused extends Tampering {
        UnknownAsRefused(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            effects.add(
                    effect instanceof Effect.Respond respond && respond.outcome() instanceof Outcome.Unknown
                            ? new Effect.Respond(respond.requestId(), new Outcome.Refused(Refusal.NO_QUORUM))
                            : effect);
        }
    }

    private static final class MajorityNotAwaited extends Tampering {
        MajorityNotAwaited(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(
                    input instanceof Input.Append append
                            ? new Input.Append(
                                    append.requestId(), append.request(), new WriteConcern.Count(1), append.deadline())
                            : input);
        }
    }

    private static final class ConsistencySkipped extends Tampering {
        private final List<LogEntry> log = new ArrayList<>();

        ConsistencySkipped(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
            recovered.entries().forEach(log::add);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (input instanceof Input.Received received
                    && received.envelope().message() instanceof PeerMessage.AppendEntries append) {
                long term = termAt(append.prevIndex(), append.prevTerm());
                inputs.add(new Input.Received(new PeerEnvelope(
                        received.envelope().cluster(),
                        received.envelope().from(),
                        received.envelope().incarnation(),
                        received.envelope().term(),
                        new PeerMessage.AppendEntries(
                                append.prevIndex(),
                                term,
                                append.entries(),
                                append.commitIndex(),
                                append.replicatedIndex()))));
            } else {
                inputs.add(input);
            }
        }

        private long termAt(long index, long unknown) {
            return log.stream()
                    .filter(entry -> entry.firstIndex() <= index && index <= entry.lastIndex())
                    .mapToLong(LogEntry::term)
                    .findFirst()
                    .orElse(unknown);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.AppendToLog append) {
                log.addAll(append.entries());
            } else if (effect instanceof Effect.TruncateLog cut) {
                log.removeIf(entry -> entry.lastIndex() >= cut.fromIndex());
            }
            effects.add(effect);
        }
    }

    private static final class ContentNotCompared extends Tampering {
        ContentNotCompared(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            if (!(input instanceof Input.Append append)) {
                inputs.add(input);
                return;
            }
            RequestKey key =
                    switch (append.request().key()) {
                        case RequestKey.None none -> none;
                        case RequestKey.Idempotency idempotency -> new RequestKey.Idempotency(idempotency.key(), 0);
                        case RequestKey.ClientSequence client ->
                            new RequestKey.ClientSequence(client.clientId(), client.sequence(), 0);
                    };
            inputs.add(
                    new Input.Append(append.requestId(), under(key, append.request()), append.w(), append.deadline()));
        }
    }

    private static final class NumberNotAwaited extends Tampering {
        NumberNotAwaited(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(
                    input instanceof Input.Append append && append.w() instanceof WriteConcern.Count
                            ? new Input.Append(
                                    append.requestId(), append.request(), new WriteConcern.Count(1), append.deadline())
                            : input);
        }
    }

    private static final class HoldersMadeUp extends Tampering {
        HoldersMadeUp(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void outgoing(Effect effect, List<Effect> effects) {
            if (effect instanceof Effect.Respond respond
                    && respond.outcome() instanceof Outcome.Acknowledged acknowledged) {
                Outcome.Placement stands = acknowledged.placement();
                List<NodeId> all = Stream.concat(stands.acks().stream(), stands.missing().stream())
                        .sorted()
                        .toList();
                effects.add(new Effect.Respond(
                        respond.requestId(),
                        new Outcome.Acknowledged(
                                new Outcome.Placement(
                                        stands.firstId(),
                                        stands.lastId(),
                                        stands.index(),
                                        stands.term(),
                                        all,
                                        List.of(),
                                        stands.committed()),
                                acknowledged.w(),
                                acknowledged.replayed(),
                                acknowledged.kv())));
            } else {
                effects.add(effect);
            }
        }
    }

    private static final class AwaitedReplaced extends Tampering {
        /** Of a request that nobody waits for. */
        private static final long NOBODYS = -1;

        AwaitedReplaced(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
            super(real, config, recovered);
        }

        @Override
        void incoming(Input input, List<Input> inputs, List<Effect> effects) {
            inputs.add(input);
            List<ReplicaStatus.MemberStatus> members = real.status().members();
            boolean awaited = members.stream()
                    .anyMatch(member -> member.member().kind() == MemberKind.VOTER
                            && member.member().incarnation() == Member.UNBOUND
                            && member.health() == ReplicaStatus.Health.UNHEALTHY);
            if (input instanceof Input.Tick && real.status().role() == Role.LEADER && awaited) {
                members.stream()
                        .map(ReplicaStatus.MemberStatus::member)
                        .filter(member -> member.kind() == MemberKind.SPARE)
                        .findFirst()
                        .ifPresent(spare -> inputs.add(
                                new Input.AddMember(NOBODYS, spare.withKind(MemberKind.VOTER), Input.NO_DEADLINE)));
            }
        }
    }

    private static Effect.Send say(Effect.Send send, PeerMessage message) {
        PeerEnvelope envelope = send.envelope();
        return new Effect.Send(
                send.to(),
                new PeerEnvelope(
                        envelope.cluster(), envelope.from(), envelope.incarnation(), envelope.term(), message));
    }
}

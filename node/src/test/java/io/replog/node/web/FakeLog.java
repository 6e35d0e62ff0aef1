package io.replog.node.web;

import io.replog.core.kv.KvResult;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.core.session.SessionTable;
import io.replog.core.statemachine.StateMachine;
import io.replog.core.statemachine.StateMachineView;
import io.replog.core.statemachine.StateSnapshot;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.storage.LogReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that acknowledges at once, as the leader of itself and two others; or plays the part that a test gives it.
 */
public final class FakeLog implements ReplicatedLog, LogReader {
    private final NodeId self;
    private final List<Member> members;
    private final List<LogEntry> entries = new ArrayList<>();
    private final StateMachine machine = new StateMachine(StateSnapshot.EMPTY);
    private final SessionTable sessions = new SessionTable(1_000, SessionTable.Snapshot.EMPTY);
    private @Nullable KvResult lastResult;
    private int applied;
    private Role role = Role.LEADER;
    private @Nullable NodeId leader;
    private long term = 1;
    private long lastIndex;
    private long lastId;
    private long committedIndex;
    private Function<EncodedRequest, @Nullable Outcome> script = _ -> null;
    private @Nullable RuntimeException refusal;
    private volatile ReplicaStatus status;
    private WriteConcern lastW = WriteConcern.ALL;
    private Deadline lastDeadline = Deadline.NONE;
    private @Nullable EncodedRequest lastRequest;
    private Outcome changeOutcome = new Outcome.Done();

    public FakeLog(String self, List<Member> members) {
        this.self = new NodeId(self);
        this.members = members;
        this.leader = this.self;
        add(new Payload.NoOp(1));
    }

    public static FakeLog leaderOfThree() {
        return new FakeLog(
                "master",
                List.of(
                        member("master", "http://127.0.0.1:1"),
                        member("secondary-1", "http://127.0.0.1:2"),
                        member("secondary-2", "http://127.0.0.1:3")));
    }

    public static Member member(String id, String url) {
        return new Member(new NodeId(id), url, MemberKind.VOTER, 1, 1);
    }

    // what a test says

    public synchronized void role(Role newRole, @Nullable String newLeader) {
        role = newRole;
        leader = newLeader == null ? null : new NodeId(newLeader);
        term++;
        publish();
    }

    /** The next requests end so, and nothing is appended; where the function gives null they are appended. */
    public synchronized void script(Function<EncodedRequest, @Nullable Outcome> newScript) {
        script = newScript;
    }

    public synchronized void refuseWith(@Nullable RuntimeException exception) {
        refusal = exception;
    }

    public synchronized void changesEndAs(Outcome outcome) {
        changeOutcome = outcome;
    }

    public synchronized void commitUpTo(long index) {
        committedIndex = index;
        publish();
    }

    public synchronized WriteConcern lastW() {
        return lastW;
    }

    public synchronized Deadline lastDeadline() {
        return lastDeadline;
    }

    public synchronized @Nullable EncodedRequest lastRequest() {
        return lastRequest;
    }

    public synchronized void appendCommitted(EncodedRequest request) {
        append(request, Long.MAX_VALUE);
    }

    /** Appends without committing. */
    public synchronized void appendUncommitted(EncodedRequest request) {
        long committed = committedIndex;
        append(request, committed);
    }

    // ReplicatedLog

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public synchronized CompletableFuture<Outcome> append(EncodedRequest request, WriteConcern w, Deadline deadline) {
        lastW = w;
        lastDeadline = deadline;
        lastRequest = request;
        if (refusal != null) {
            throw refusal;
        }
        Outcome scripted = script.apply(request);
        if (scripted != null) {
            return CompletableFuture.completedFuture(scripted);
        }
        if (role != Role.LEADER) {
            return CompletableFuture.completedFuture(new Outcome.Refused(Refusal.NOT_LEADER));
        }
        if (w instanceof WriteConcern.Count count && count.members() > members.size()) {
            return CompletableFuture.completedFuture(new Outcome.Refused(Refusal.WRITE_CONCERN));
        }
        return CompletableFuture.completedFuture(
                switch (sessions.lookup(request.key())) {
                    case SessionTable.Lookup.New _ -> {
                        KvResult result = append(request, Long.MAX_VALUE);
                        boolean isMessage = request.type() == EntryType.MESSAGES;
                        Outcome.Placement placement =
                                placement(isMessage ? lastId - request.count() + 1 : 0, isMessage ? lastId : 0);
                        yield new Outcome.Acknowledged(placement, members.size(), false, result);
                    }
                    case SessionTable.Lookup.Repeat repeat -> {
                        SessionTable.Appended first = repeat.first();
                        Outcome.Placement placement = new Outcome.Placement(
                                first.firstId(),
                                first.lastId(),
                                first.index(),
                                first.term(),
                                members.stream().map(Member::id).toList(),
                                List.of(),
                                true);
                        yield new Outcome.Acknowledged(placement, members.size(), true, first.result());
                    }
                    case SessionTable.Lookup.KeyReused _ -> new Outcome.Refused(Refusal.KEY_REUSED);
                    case SessionTable.Lookup.SequenceTooOld _ -> new Outcome.Refused(Refusal.SEQUENCE_TOO_OLD);
                });
    }

    public synchronized Outcome.Placement placement(long firstId, long newLastId) {
        List<NodeId> ids = members.stream().map(Member::id).toList();
        return new Outcome.Placement(firstId, newLastId, lastIndex, term, ids, List.of(), true);
    }

    @Override
    public synchronized CompletableFuture<Outcome> read(Deadline deadline) {
        return CompletableFuture.completedFuture(
                leader == null
                        ? new Outcome.Refused(Refusal.NOT_LEADER)
                        : role == Role.LEADER && refusal != null
                                ? new Outcome.Refused(Refusal.NO_QUORUM)
                                : new Outcome.ReadReady(committedIndex));
    }

    @Override
    public synchronized CompletableFuture<Outcome> awaitAcks(long index, Deadline deadline) {
        List<NodeId> ids = members.stream().map(Member::id).toList();
        return CompletableFuture.completedFuture(
                new Outcome.Acks(new Outcome.Placement(0, 0, index, term, ids.subList(0, 2), ids.subList(2, 3), true)));
    }

    @Override
    public synchronized CompletableFuture<Outcome> addMember(Member member, Deadline deadline) {
        return CompletableFuture.completedFuture(changeOutcome);
    }

    @Override
    public synchronized CompletableFuture<Outcome> removeMember(NodeId id, Deadline deadline) {
        return CompletableFuture.completedFuture(changeOutcome);
    }

    @Override
    public synchronized CompletableFuture<Outcome> transferLeadership(NodeId target, Deadline deadline) {
        return CompletableFuture.completedFuture(changeOutcome);
    }

    @Override
    public ReplicaStatus status() {
        return status;
    }

    @Override
    public LogReader log() {
        return this;
    }

    @Override
    public boolean stopping() {
        return false;
    }

    @Override
    public boolean awaitDurable(long index, Deadline deadline) throws InterruptedException {
        return await(() -> lastIndex >= index, deadline);
    }

    @Override
    public boolean awaitApplied(long index, Deadline deadline) throws InterruptedException {
        return await(() -> committedIndex >= index, deadline);
    }

    @Override
    public boolean awaitCommittedMessage(long id, Deadline deadline) throws InterruptedException {
        return await(() -> lastIdAt(committedIndex) >= id, deadline);
    }

    @Override
    public ReplicaStatus awaitLeadership(Predicate<ReplicaStatus> wanted, Deadline deadline)
            throws InterruptedException {
        await(() -> wanted.test(status), deadline);
        return status;
    }

    private synchronized boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            long millis = Math.min(deadline.remaining().toMillis(), 60_000);
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    // LogReader

    @Override
    public synchronized long durableIndex() {
        return lastIndex;
    }

    @Override
    public synchronized long durableId() {
        return lastId;
    }

    @Override
    public synchronized long lastIdAt(long index) {
        return entryAt(index)
                .map(entry -> entry.type() == EntryType.MESSAGES
                        ? entry.lastId() - (entry.lastIndex() - index)
                        : entry.lastId())
                .orElse(0L);
    }

    @Override
    public synchronized Optional<LogEntry> entryAt(long index) {
        int place = find(entry -> entry.lastIndex() >= index);
        return place < 0 || index < 1 ? Optional.empty() : Optional.of(entries.get(place));
    }

    @Override
    public synchronized Optional<LogEntry> entryOfMessage(long id) {
        int place = id < 1 ? -1 : find(entry -> entry.lastId() >= id);
        return place < 0 ? Optional.empty() : Optional.of(entries.get(place));
    }

    /** The first entry for which {@code wanted}, which holds from one entry on, holds. */
    private int find(Predicate<LogEntry> wanted) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (wanted.test(entries.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < entries.size() ? low : -1;
    }

    @Override
    public synchronized List<LogEntry> read(long fromIndex, int maxBytes) {
        List<LogEntry> read = new ArrayList<>();
        int bytes = 0;
        int place = fromIndex < 1 ? -1 : find(entry -> entry.lastIndex() >= fromIndex);
        for (int i = place; i >= 0 && i < entries.size(); i++) {
            bytes += entries.get(i).length();
            if (!read.isEmpty() && bytes > maxBytes) {
                break;
            }
            read.add(entries.get(i));
        }
        return read;
    }

    @Override
    public synchronized Iterator<LogEntry> scan(long fromIndex) {
        int place = find(entry -> entry.lastIndex() >= fromIndex);
        return place < 0 ? List.<LogEntry>of().iterator() : new ArrayList<>(entries).listIterator(place);
    }

    @Override
    public synchronized Optional<Long> digest(long index) {
        return index <= lastIndex ? Optional.of(index * 31) : Optional.empty();
    }

    /** Gives what a command gave, null where it is none or is not applied. */
    private @Nullable KvResult append(EncodedRequest request, long commitAtMost) {
        long firstIndex = lastIndex + 1;
        lastIndex += request.count();
        lastId += request.type() == EntryType.MESSAGES ? request.count() : 0;
        entries.add(EntryCodec.frame(
                new EntryHeader(firstIndex, request.count(), term, 1_700_000_000_000L, lastId, firstIndex - 1),
                request));
        sessions.append(entries.getLast());
        committedIndex = Math.min(commitAtMost, lastIndex);
        publish();
        return machine.appliedIndex() == lastIndex ? lastResult : null;
    }

    private synchronized void add(Payload control) {
        lastIndex++;
        entries.add(EntryCodec.frameControl(
                new EntryHeader(lastIndex, 1, term, 1_700_000_000_000L, lastId, lastIndex - 1), control));
        committedIndex = lastIndex;
        publish();
    }

    private void publish() {
        while (applied < entries.size() && entries.get(applied).lastIndex() <= committedIndex) {
            LogEntry entry = entries.get(applied++);
            lastResult = machine.apply(entry);
            sessions.applied(entry.lastIndex(), lastResult);
        }
        List<ReplicaStatus.MemberStatus> seen = members.stream()
                .map(member -> new ReplicaStatus.MemberStatus(
                        member,
                        member.id().equals(leader) ? Role.LEADER : Role.FOLLOWER,
                        ReplicaStatus.Health.HEALTHY,
                        lastIndex))
                .toList();
        status = new ReplicaStatus(
                new ClusterId(1, 2),
                role,
                term,
                leader,
                term,
                committedIndex,
                lastIndex,
                lastIndex,
                leader != null,
                role == Role.LEADER,
                false,
                null,
                seen,
                new StateMachineView(
                        committedIndex, lastIdAt(committedIndex), machine.view().kv()));
        notifyAll();
    }
}

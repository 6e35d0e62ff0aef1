package io.replog.cli.check;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.client.WriteOutcome.NotStored;
import io.replog.api.client.WriteOutcome.Unknown;
import io.replog.api.message.Appended;
import io.replog.api.message.BatchAppended;
import io.replog.api.message.MessageList;
import io.replog.checker.ListRead;
import io.replog.checker.ListWindow;
import io.replog.checker.NodeLog;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import io.replog.checker.Submission.Placement;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client of a check does with messages. For one thread. */
final class MessageTasks {
    private static final int BATCH = 3;
    private static final long WINDOW = 6;
    private static final ReadOptions LAST_ID =
            ReadOptions.DEFAULT.withRead("linearizable").withLimit(1L);

    private final Asker asker;
    private final ReplogClient cluster;
    private final CheckScope scope;
    private final Random random;
    private long lastSeen;

    MessageTasks(Asker asker, ReplogClient cluster, CheckScope scope, Random random) {
        this.asker = asker;
        this.cluster = cluster;
        this.scope = scope;
        this.random = random;
    }

    /** Posts a message or a batch; one in five comes once more with the same key, and must not count twice. */
    void post() {
        boolean durable = random.nextInt(10) > 0;
        boolean again = random.nextInt(5) == 0;
        int count = random.nextInt(4) == 0 ? BATCH : 1;
        List<String> texts = Stream.generate(asker::nextText).limit(count).toList();
        WriteOptions options = asker.nextWrite().withW(durable ? "majority" : "1");
        String key = again ? String.valueOf(options.key()) : null;
        send(key, texts, durable, options);
        if (again && !scope.isOver()) {
            send(key, texts, durable, options);
        }
    }

    private void send(@Nullable String key, List<String> texts, boolean durable, WriteOptions options) {
        if (texts.size() > 1) {
            send(key, texts, durable, () -> cluster.postBatch(texts, options), this::placement);
        } else {
            send(key, texts, durable, () -> cluster.post(texts.getFirst(), options), this::placement);
        }
    }

    private Placement placement(Appended done) {
        return new Placement(done.id() - scope.firstId(), done.id() - scope.firstId(), done.w(), done.acks());
    }

    private Placement placement(BatchAppended done) {
        return new Placement(done.firstId() - scope.firstId(), done.lastId() - scope.firstId(), done.w(), done.acks());
    }

    /** @param key stands in the history only where it is used twice; what the client repeats by itself is one attempt */
    private <T> void send(
            @Nullable String key,
            List<String> texts,
            boolean durable,
            Supplier<WriteOutcome<T>> action,
            Function<T, Placement> placement) {
        long id = scope.history().nextId();
        long invoked = scope.now();
        WriteOutcome<T> outcome = action.get();
        long completed = scope.now();
        Status status =
                switch (outcome) {
                    case Acknowledged<T> done -> Status.OK;
                    case NotStored<T> refused -> Status.REFUSED;
                    case Unknown<T> unknown -> Status.UNKNOWN;
                };
        Placement place = outcome instanceof Acknowledged<T> done ? placement.apply(done.value()) : null;
        scope.history()
                .add(new Submission(id, asker.process(), key, texts, durable, status, place, invoked, completed));
    }

    /** Asks any node for the end of the list, at any read level. */
    void list() {
        Target node = scope.anyTarget(random);
        try {
            switch (random.nextInt(3)) {
                case 0 -> readLastId(node);
                case 1 -> readWindow(node, true);
                default -> readWindow(node, false);
            }
        } catch (ReplogException e) {
            // A read that failed tells nothing.
            return;
        }
    }

    private void readLastId(Target node) {
        long id = scope.history().nextId();
        long invoked = scope.now();
        long lastId = node.client().messages(LAST_ID).lastId() - scope.firstId();
        lastSeen = Math.max(lastSeen, lastId);
        scope.history().add(new ListRead(id, asker.process(), lastId, invoked, scope.now()));
    }

    private void readWindow(Target node, boolean committed) {
        long id = scope.history().nextId();
        long from = Math.max(1, lastSeen - WINDOW / 2);
        MessageList list = node.client()
                .messages(ReadOptions.DEFAULT
                        .withRead(committed ? "committed" : "local")
                        .withFrom(scope.firstId() + from)
                        .withLimit(WINDOW));
        List<NodeLog.Message> messages = list.messages().stream()
                .map(message -> new NodeLog.Message(message.id() - scope.firstId(), message.message()))
                .toList();
        if (!messages.isEmpty()) {
            lastSeen = Math.max(lastSeen, list.lastId() - scope.firstId());
            scope.history().add(new ListWindow(id, asker.process(), node.id(), committed, messages));
        }
    }
}

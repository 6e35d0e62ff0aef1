package io.replog.simulation.world;

import io.replog.checker.KvOperation;
import io.replog.checker.ListRead;
import io.replog.checker.Submission;
import io.replog.core.kv.KvCommand;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.simulation.invariant.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all clients did and heard. Every write carries the number of its operation, so that it is found again in logs. */
final class History {
    final List<KvOperation> keyOperations = new ArrayList<>();
    final List<Submission> submissions = new ArrayList<>();
    final List<ListRead> listReads = new ArrayList<>();
    private final Map<Long, Operation> operations = new HashMap<>();
    private final List<String> usedKeys = new ArrayList<>();
    private long last;

    long nextId() {
        return ++last;
    }

    Operation begin(long id, RequestKey key, WriteConcern w) {
        Operation operation = new Operation(id, key, w);
        operations.put(id, operation);
        return operation;
    }

    /** Takes note of a key that a write goes under. */
    void use(String key) {
        usedKeys.add(key);
    }

    /** Idempotency keys that writes went under, oldest first. */
    List<String> usedKeys() {
        return usedKeys;
    }

    static String idempotencyKey(long id) {
        return "k" + id;
    }

    /**
     * Whose write an entry is, null where nobody's. The content tells: a key may be used for another write too, but for a
     * deletion, which has no content.
     */
    @Nullable Operation operationOf(LogEntry entry) {
        long id =
                switch (EntryCodec.payload(entry)) {
                    case Payload.Messages messages ->
                        numberIn(new String(messages.texts().getFirst(), StandardCharsets.UTF_8));
                    case Payload.Command command
                    when command.command().operation() != KvCommand.Operation.DELETE ->
                        numberIn(command.command().value());
                    case Payload.Command _ -> numberIn(EntryCodec.requestKey(entry));
                    case Payload.NoOp _, Payload.MembershipChange _, Payload.Omitted _ -> 0;
                };
        return operations.get(id);
    }

    private static long numberIn(RequestKey key) {
        return switch (key) {
            case RequestKey.Idempotency idempotency -> numberIn(idempotency.key());
            case RequestKey.ClientSequence client -> client.sequence();
            case RequestKey.None _ -> 0;
        };
    }

    /** The number behind the first letter of a text. */
    private static long numberIn(String text) {
        int end = 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == 1 ? 0 : Long.parseLong(text.substring(1, end));
    }
}

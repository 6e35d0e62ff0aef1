package io.replog.core.session;

import static io.replog.core.session.SessionTableTest.client;
import static io.replog.core.session.SessionTableTest.command;
import static io.replog.core.session.SessionTableTest.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.RequestKey;
import io.replog.core.session.SessionTable.Appended;
import io.replog.core.session.SessionTable.Lookup;
import io.replog.core.session.SessionTable.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table through random histories, against one that goes over the whole log for every answer. */
class SessionTableModelTest {
    private static final int CAPACITY = 7;
    private static final long RESULT_BYTES = 90;

    private final List<LogEntry> log = new ArrayList<>();
    private int applied;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agreesWithTheNaiveOne(long seed) {
        Random random = new Random(seed);
        SessionTable table = new SessionTable(CAPACITY, RESULT_BYTES, Snapshot.EMPTY);
        for (int i = 0; i < 600; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    RequestKey key = randomKey(random);
                    if (table.lookup(key) instanceof Lookup.New) {
                        LogEntry entry = command(log.size() + 1, key);
                        log.add(entry);
                        table.append(entry);
                    }
                }
                case 4, 5 -> {
                    if (applied < log.size()) {
                        applied++;
                        table.applied(applied, result(applied));
                    }
                }
                case 6 -> {
                    if (random.nextInt(4) == 0) {
                        int from = applied + 1 + random.nextInt(log.size() - applied + 1);
                        log.subList(Math.min(from - 1, log.size()), log.size()).clear();
                        table.truncateFrom(from);
                    }
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        // a restart: the applied part from a snapshot, the rest from the log
                        table = new SessionTable(CAPACITY, RESULT_BYTES, table.snapshot());
                        for (LogEntry entry : log.subList(applied, log.size())) {
                            table.append(entry);
                        }
                    }
                }
            }
            assertThat(table.snapshot()).isEqualTo(naiveSnapshot());
            RequestKey probe = randomKey(random);
            assertThat(table.lookup(probe)).isEqualTo(naiveLookup(probe));
        }
    }

    private static RequestKey randomKey(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> RequestKey.NONE;
            case 1, 2 -> key("k" + random.nextInt(20), random.nextInt(2));
            default -> client("c" + random.nextInt(12), 1 + random.nextInt(30), random.nextInt(2));
        };
    }

    private static KvResult result(long index) {
        return index % 5 == 0
                ? new KvResult.ConditionFailed(index - 1)
                : new KvResult.Applied("v".repeat((int) (index * 7 % 41)), index % 3 == 0 ? "p" : null, index);
    }

    private Lookup naiveLookup(RequestKey key) {
        Appended last = null;
        for (Appended candidate : candidates()) {
            if (id(candidate.key()).equals(id(key))) {
                last = candidate;
            }
        }
        if (key instanceof RequestKey.None || last == null) {
            return new Lookup.New();
        }
        if (key instanceof RequestKey.ClientSequence client
                && last.key() instanceof RequestKey.ClientSequence before
                && client.sequence() != before.sequence()) {
            return client.sequence() > before.sequence()
                    ? new Lookup.New()
                    : new Lookup.SequenceTooOld(before.sequence());
        }
        return last.key().equals(key) ? new Lookup.Repeat(last) : new Lookup.KeyReused();
    }

    /** What is applied and kept, then what is pending. */
    private List<Appended> candidates() {
        List<Appended> all = new ArrayList<>(naiveSnapshot().idempotencyKeys());
        all.addAll(naiveSnapshot().clients());
        for (LogEntry entry : log.subList(applied, log.size())) {
            all.add(SessionTableTest.appended(entry.lastIndex(), EntryCodec.requestKey(entry), null));
        }
        return all;
    }

    private Snapshot naiveSnapshot() {
        return new Snapshot(naive(RequestKey.Idempotency.class), naive(RequestKey.ClientSequence.class));
    }

    private List<Appended> naive(Class<? extends RequestKey> kind) {
        Map<String, Appended> kept = new LinkedHashMap<>();
        for (LogEntry entry : log.subList(0, applied)) {
            RequestKey key = EntryCodec.requestKey(entry);
            if (kind.isInstance(key)) {
                kept.remove(id(key));
                kept.put(id(key), SessionTableTest.appended(entry.lastIndex(), key, result(entry.lastIndex())));
                if (kept.size() > CAPACITY) {
                    kept.remove(kept.keySet().iterator().next());
                }
                while (kept.values().stream()
                                .mapToLong(SessionTableModelTest::bytes)
                                .sum()
                        > RESULT_BYTES) {
                    Appended oldest = kept.values().stream()
                            .filter(appended -> bytes(appended) > 0)
                            .findFirst()
                            .orElseThrow();
                    kept.put(
                            id(oldest.key()),
                            SessionTableTest.appended(
                                    oldest.index(), oldest.key(), new KvResult.Forgotten(oldest.index())));
                }
            }
        }
        return List.copyOf(kept.values());
    }

    private static long bytes(Appended appended) {
        return switch (appended.result()) {
            case null -> 0;
            case KvResult.Forgotten _ -> 0;
            case KvResult.ConditionFailed _ -> 9;
            case KvResult.ValueTooLarge _ -> 1;
            case KvResult.Applied result ->
                5 + result.value().length() + (result.previous() == null ? 0 : 4 + previousBytes(result));
        };
    }

    private static int previousBytes(KvResult.Applied result) {
        return result.value().startsWith(result.previous())
                ? 0
                : result.previous().length();
    }

    private static String id(RequestKey key) {
        return switch (key) {
            case RequestKey.None _ -> "";
            case RequestKey.Idempotency idempotency -> "key " + idempotency.key();
            case RequestKey.ClientSequence client -> "client " + client.clientId();
        };
    }
}

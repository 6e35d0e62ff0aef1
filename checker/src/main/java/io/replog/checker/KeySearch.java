package io.replog.checker;

import io.replog.checker.Configurations.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one key's operations: Wing and Gong's, as just-in-time linearization over memoised
 * configurations (Lowe, "Testing for linearizability", 2017). It walks through calls and answers in time order with the
 * set of all possible presents; only an answer forces operations to take effect.
 *
 * <p>Two things keep the set small. A get takes effect as soon as the value fits, for that can never hurt. And an
 * operation of unknown outcome is a burden when used, never a duty (see {@link Configurations}).
 */
final class KeySearch {
    private static final int NAMED_VALUES = 4;

    private record Event(long time, boolean call, KvOperation operation) {}

    /**
     * An operation that is called and not answered.
     *
     * @param place     its bit in a configuration
     * @param twin      an earlier optional one that does the same: it is used first, for either would do
     * @param forgotten whether it overwrites the key, looking at nothing, with a value that nobody ever saw
     */
    private record Open(
            KvOperation operation, int place, @Nullable Open twin, boolean forgotten) {
        boolean isOptional() {
            return operation.status() == Status.UNKNOWN;
        }
    }

    private record Deed(KvOperation.Kind kind, String argument) {}

    private final List<KvOperation> operations;
    private final KeyModel model;
    private final boolean merging;
    private final List<Open> openWrites = new ArrayList<>();
    private final List<Open> openGets = new ArrayList<>();
    private final Map<Deed, Open> twins = new HashMap<>();
    private final BitSet places = new BitSet();
    private Configurations present = new Configurations();
    private long budget;

    KeySearch(List<KvOperation> operations, boolean merging, long budget) {
        this.operations = operations;
        this.merging = merging;
        this.budget = budget;
        this.model = new KeyModel(operations, merging);
    }

    Verdict run() {
        present.add(new Configuration(KeyModel.Special.ABSENT, new BitSet(), new BitSet(), null));
        int answered = 0;
        for (Event event : events()) {
            if (event.call()) {
                call(event.operation());
                continue;
            }
            Configurations before = present;
            Open open = close(event.operation());
            if (!answer(open)) {
                return new Verdict.Undecided("the budget ended after " + answered + " of " + operations.size()
                        + " operations, with " + (openWrites.size() + openGets.size()) + " open");
            }
            if (present.isEmpty()) {
                return new Verdict.Violated(List.of(violation(event.operation(), before)));
            }
            places.clear(open.place());
            answered++;
        }
        return new Verdict.Passed(operations.size());
    }

    /** Calls and answers that matter, in time order; at one moment calls come first, so that both are concurrent. */
    private List<Event> events() {
        List<Event> events = new ArrayList<>(operations.size() * 2);
        for (KvOperation operation : operations) {
            boolean read = operation.kind() == KvOperation.Kind.GET;
            if (operation.status() == Status.REFUSED
                    || (read && (operation.status() == Status.UNKNOWN || operation.observation() == null))) {
                continue;
            }
            events.add(new Event(operation.invoked(), true, operation));
            if (operation.status() == Status.OK) {
                events.add(new Event(operation.completed(), false, operation));
            }
        }
        events.sort(Comparator.comparingLong(Event::time).thenComparing(event -> !event.call()));
        return events;
    }

    private void call(KvOperation operation) {
        boolean forgotten = operation.kind() == KvOperation.Kind.PUT
                && operation.observation() == null
                && model.apply(operation, KeyModel.Special.ABSENT) == KeyModel.Special.NEVER_SEEN;
        boolean optional = operation.status() == Status.UNKNOWN;
        if (optional && forgotten) {
            return; // never better than not to take effect at all
        }
        int place = places.nextClearBit(0);
        places.set(place);
        if (operation.kind() != KvOperation.Kind.GET) {
            Open twin = optional ? twins.get(new Deed(operation.kind(), operation.argument())) : null;
            Open open = new Open(operation, place, twin, forgotten);
            openWrites.add(open);
            if (optional) {
                twins.put(new Deed(operation.kind(), operation.argument()), open);
            }
            return;
        }
        openGets.add(new Open(operation, place, null, false));
        present.forEach(configuration -> {
            if (!KeyModel.allows(operation, configuration.value())) {
                configuration.burden().set(place);
            }
        });
    }

    private Open close(KvOperation operation) {
        List<Open> open = operation.kind() == KvOperation.Kind.GET ? openGets : openWrites;
        for (Open candidate : open) {
            if (candidate.operation().id() == operation.id()) {
                return candidate;
            }
        }
        throw new IllegalStateException("answered without a call: " + operation);
    }

    /** Leaves the presents in which the answered operation has taken effect; false where the budget ran out. */
    private boolean answer(Open answered) {
        boolean read = answered.operation().kind() == KvOperation.Kind.GET;
        Configurations next = new Configurations();
        Configurations seen = new Configurations();
        Deque<Configuration> work = new ArrayDeque<>();
        present.forEach(configuration -> {
            if (!settle(configuration, answered, read, next) && seen.add(configuration)) {
                work.add(configuration);
            }
        });
        while (!work.isEmpty()) {
            Configuration configuration = work.remove();
            for (Open write : openWrites) {
                Configuration after = take(configuration, write);
                if (after != null && --budget < 0) {
                    return false;
                }
                if (after != null && !settle(after, answered, read, next) && seen.add(after)) {
                    work.add(after);
                }
            }
        }
        (read ? openGets : openWrites).remove(answered);
        present = next;
        return true;
    }

    /** Whether the answered operation has taken effect in this configuration; then it goes to {@code next}. */
    private static boolean settle(Configuration configuration, Open answered, boolean read, Configurations next) {
        int place = answered.place();
        if (read) {
            if (configuration.burden().get(place)) {
                return false;
            }
            next.add(configuration);
            return true;
        }
        if (!configuration.done().get(place)) {
            return false;
        }
        BitSet done = (BitSet) configuration.done().clone();
        done.clear(place);
        next.add(new Configuration(configuration.value(), done, configuration.burden(), configuration.writer()));
        return true;
    }

    /** The present after {@code write} takes effect, null where it cannot or need not. */
    private @Nullable Configuration take(Configuration configuration, Open write) {
        BitSet used = write.isOptional() ? configuration.burden() : configuration.done();
        if (used.get(write.place())
                || (write.twin() != null && !used.get(write.twin().place()))
                || !KeyModel.allows(write.operation(), configuration.value())) {
            return null;
        }
        Object value = model.apply(write.operation(), configuration.value());
        if (write.isOptional()
                && (value.equals(configuration.value()) || (merging && value == KeyModel.Special.NEVER_SEEN))) {
            return null; // never better than not to take effect at all
        }
        BitSet done = configuration.done();
        BitSet burden = (BitSet) configuration.burden().clone();
        if (write.isOptional()) {
            burden.set(write.place());
        } else {
            done = (BitSet) done.clone();
            done.set(write.place());
            hideForgotten(write.operation(), done);
        }
        for (Open get : openGets) {
            if (burden.get(get.place()) && KeyModel.allows(get.operation(), value)) {
                burden.clear(get.place());
            }
        }
        return new Configuration(value, done, burden, write.operation());
    }

    /**
     * What overwrites the key without looking hides what was written right before it. Where nobody ever saw that, there
     * is no better place for it.
     */
    private void hideForgotten(KvOperation write, BitSet done) {
        boolean overwrites = write.kind() == KvOperation.Kind.PUT || write.kind() == KvOperation.Kind.DELETE;
        if (!overwrites || write.observation() != null) {
            return;
        }
        for (Open other : openWrites) {
            if (other.forgotten() && !other.isOptional()) {
                done.set(other.place());
            }
        }
    }

    private Violation violation(KvOperation answered, Configurations before) {
        Set<Long> named = new LinkedHashSet<>();
        named.add(answered.id());
        Set<String> values = new LinkedHashSet<>();
        before.forEach(configuration -> {
            if (values.size() >= NAMED_VALUES) {
                return;
            }
            KvOperation writer = configuration.writer();
            Object value = configuration.value();
            String shown = value instanceof String text
                    ? Texts.quote(text)
                    : value == KeyModel.Special.ABSENT ? "(absent)" : "something that nobody ever saw";
            values.add(writer == null ? shown : shown + " by " + writer);
            if (writer != null) {
                named.add(writer.id());
            }
        });
        List<KvOperation> open = new ArrayList<>();
        for (Open write : openWrites) {
            if (write.operation().id() != answered.id()) {
                open.add(write.operation());
                named.add(write.operation().id());
            }
        }
        String message = answered + " fits into no order. Before it the key could only be "
                + String.join(" or ", values) + (open.isEmpty() ? "" : "; open were " + open) + origin(answered, named);
        return new Violation("linearizability", message, List.copyOf(named));
    }

    /** Where the value came from that the operation saw. */
    private String origin(KvOperation answered, Set<Long> named) {
        KvOperation.Observation observation = answered.observation();
        if (observation == null || observation.value() == null) {
            return "";
        }
        String value = observation.value();
        List<KvOperation> producers = operations.stream()
                .filter(operation -> switch (operation.kind()) {
                    case PUT -> operation.argument().equals(value);
                    case APPEND -> value.endsWith(operation.argument());
                    case HASH -> {
                        KvOperation.Observation previous = operation.observation();
                        yield previous != null
                                && Fnv1a.hash((previous.value() == null ? "" : previous.value()) + operation.argument())
                                        .equals(value);
                    }
                    case GET, DELETE -> false;
                })
                .limit(NAMED_VALUES)
                .toList();
        producers.forEach(producer -> named.add(producer.id()));
        return producers.isEmpty()
                ? "; no operation of the history writes what it saw"
                : "; what it saw may come from " + producers;
    }
}

package io.replog.simulation.world;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.replica.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What happened, for people. The newest lines are kept as the objects that they are made of and put into words only when
 * somebody wants to read them, so a run that goes well pays little.
 */
public final class Trace {
    private static final int KEPT = 300;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(long at, String where, Object[] parts) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(160);
            text.append(String.format(Locale.ROOT, "%12.6f %-12s", at / 1e9, where));
            for (Object part : parts) {
                text.append(' ').append(word(part));
            }
            return text.toString();
        }
    }

    /** What comes in most often, in fewer words. */
    private static String word(Object part) {
        return switch (part) {
            case List<?> list ->
                String.join(" + ", list.stream().map(item -> word(item)).toList());
            case Input.Received received -> {
                PeerEnvelope envelope = received.envelope();
                yield envelope.from() + " t" + envelope.term() + " " + envelope.message();
            }
            case Input.Append append ->
                "Append[" + append.requestId() + " " + append.request().key() + " w=" + append.w() + "]";
            default -> part.toString();
        };
    }

    private final Deque<Line> kept = new ArrayDeque<>(KEPT);
    private final Consumer<String> listener;
    private final boolean listening;

    private Trace(Consumer<String> listener, boolean listening) {
        this.listener = listener;
        this.listening = listening;
    }

    /** Keeps the newest lines alone. */
    public static Trace quiet() {
        return new Trace(line -> {}, false);
    }

    /** Tells every line as it happens. */
    public static Trace to(Consumer<String> listener) {
        return new Trace(listener, true);
    }

    /** @param parts not changed afterwards */
    void note(long at, Object where, Object... parts) {
        Line line = new Line(at, where.toString(), parts);
        if (listening) {
            listener.accept(line.toString());
        }
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(line);
    }

    /** The newest lines, oldest first. */
    public List<String> tail() {
        return new ArrayList<>(Arrays.asList(kept.stream().map(Line::toString).toArray(String[]::new)));
    }
}

package io.replog.simulation.world;

import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.simulation.invariant.Operation;
import org.jspecify.annotations.Nullable;

/** One request to one node. */
final class Attempt {
    /** What the client hears, at most once. */
    interface Listener {
        /** Who does not mind. */
        Listener NOBODY = new Listener() {
            @Override
            public void answered(NodeProcess process, Outcome outcome) {}

            @Override
            public void refused() {}

            @Override
            public void lost() {}
        };

        /** @param process the one that answered */
        void answered(NodeProcess process, Outcome outcome);

        /** Nothing of it reached a replica, or the node refused it before. */
        void refused();

        /** The connection broke, or the client waited long enough. */
        void lost();
    }

    final long id;
    final Listener listener;

    /** What is written, null for reads and administration. */
    final @Nullable Operation operation;

    @Nullable NodeProcess process;

    private boolean heard;

    Attempt(long id, @Nullable Operation operation, Listener listener) {
        this.id = id;
        this.operation = operation;
        this.listener = listener;
    }

    /** True the first time: an answer that comes after the client has given up is not heard any more. */
    boolean hear() {
        boolean first = !heard;
        heard = true;
        return first;
    }

    /** Makes the input for a node whose clock shows {@code now}. */
    interface Maker {
        Input make(long requestId, long now);
    }

    /** Whether a refusal says to try elsewhere or later, rather than that the request is not accepted. */
    static boolean isPassing(Refusal refusal) {
        return switch (refusal) {
            case NOT_LEADER, NO_QUORUM, DEADLINE, OVERLOADED, MEMBER_NOT_READY, CHANGE_IN_PROGRESS -> true;
            case WRITE_CONCERN, KEY_REUSED, SEQUENCE_TOO_OLD, UNKNOWN_INDEX, UNKNOWN_MEMBER, CHANGE_NOT_ALLOWED ->
                false;
        };
    }
}

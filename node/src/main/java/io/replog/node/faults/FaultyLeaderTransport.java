package io.replog.node.faults;

import io.replog.core.quorum.Member;
import io.replog.node.engine.Deadline;
import io.replog.node.web.forward.LeaderTransport;
import java.util.function.BooleanSupplier;

/** Keeps what clients ask of the leader from passing to a peer to which nothing passes, as if it could not be reached. */
public final class FaultyLeaderTransport implements LeaderTransport {
    private final LeaderTransport delegate;
    private final Faults faults;

    public FaultyLeaderTransport(LeaderTransport delegate, Faults faults) {
        this.delegate = delegate;
        this.faults = faults;
    }

    @Override
    public Result exchange(Member node, Request request, Deadline deadline, BooleanSupplier giveUp) {
        if (faults.settings().peers().cutsTo(node.id())) {
            return new Result.NotSent(node.id() + " cannot be reached");
        }
        return delegate.exchange(node, request, deadline, giveUp);
    }
}

package io.replog.checker;

import java.util.List;

/** The definition of linearizability, tried out: every order of every subset. For histories of a handful of operations. */
final class AllOrders {
    private final List<KvOperation> operations;
    private final KeyModel model;

    AllOrders(List<KvOperation> operations) {
        this.operations = operations.stream()
                .filter(operation -> operation.status() != Status.REFUSED)
                .toList();
        this.model = new KeyModel(operations, false);
    }

    boolean isLinearizable() {
        return search(KeyModel.Special.ABSENT, 0);
    }

    private boolean search(Object value, int done) {
        boolean complete = true;
        for (int i = 0; i < operations.size(); i++) {
            if ((done & 1 << i) == 0 && operations.get(i).status() == Status.OK) {
                complete = false;
            }
        }
        if (complete) {
            return true;
        }
        for (int i = 0; i < operations.size(); i++) {
            KvOperation next = operations.get(i);
            if ((done & 1 << i) == 0
                    && mayComeNext(next, done)
                    && KeyModel.allows(next, value)
                    && search(model.apply(next, value), done | 1 << i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing that was answered before it was called is still to come. */
    private boolean mayComeNext(KvOperation next, int done) {
        for (int i = 0; i < operations.size(); i++) {
            KvOperation other = operations.get(i);
            if ((done & 1 << i) == 0 && other.status() == Status.OK && other.completed() < next.invoked()) {
                return false;
            }
        }
        return true;
    }
}

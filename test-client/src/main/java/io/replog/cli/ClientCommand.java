package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.RequestKey;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.client.WriteOutcome.NotStored;
import io.replog.api.client.WriteOutcome.Unknown;
import io.replog.api.problem.Problem;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** A command that asks the cluster something. */
@Command(mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n", sortOptions = false)
abstract class ClientCommand implements Callable<Integer> {
    @ParentCommand
    private TestClient root;

    @Override
    public final Integer call() {
        try (ReplogClient client = root.client()) {
            return run(client);
        }
    }

    /** Does it, and gives the exit status. */
    abstract int run(ReplogClient client);

    final TestClient root() {
        return root;
    }

    final Console console() {
        return root.console();
    }

    final boolean json() {
        return root.json();
    }

    /** Shows how a write ended. */
    final <T> int show(WriteOutcome<T> outcome, Function<T, String> line) {
        return switch (outcome) {
            case Acknowledged<T> done -> {
                if (json()) {
                    console().json(done.value());
                } else {
                    console().line(line.apply(done.value()));
                }
                yield ExitStatus.DONE;
            }
            case NotStored<T> refused -> {
                fail(refused.problem(), "not stored");
                yield refused.nobodyReached() ? ExitStatus.UNKNOWN : ExitStatus.REFUSED;
            }
            case Unknown<T> unknown -> {
                fail(unknown.problem(), "unknown outcome");
                console().error("with " + switches(unknown.key()) + " it is safe to try again");
                yield ExitStatus.UNKNOWN;
            }
        };
    }

    private static String switches(RequestKey key) {
        return switch (key) {
            case RequestKey.Idempotency one -> "--key " + one.key();
            case RequestKey.ClientSequence one -> "--client-id " + one.clientId() + " --client-seq " + one.sequence();
        };
    }

    private void fail(Problem problem, String outcome) {
        if (json()) {
            console().json(problem);
        }
        StringBuilder line = new StringBuilder(outcome).append(": ").append(problem.title());
        if (problem.detail() != null && !problem.detail().isBlank()) {
            line.append(": ").append(problem.detail().lines().findFirst().orElse(""));
        }
        if (problem.id() != null) {
            line.append("; id ").append(problem.id());
        }
        if (problem.acks() != null && problem.missing() != null) {
            line.append("; stored on ")
                    .append(problem.acks())
                    .append(", missing ")
                    .append(problem.missing());
        }
        console().error(line.toString());
    }
}

package io.replog.cli.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.replog.checker.KeyVersion;
import io.replog.checker.KvOperation;
import io.replog.checker.ListRead;
import io.replog.checker.ListWindow;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of a history that is kept in a file. Times are nanoseconds since the start of the check. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryLine.Key.class, name = "key"),
    @JsonSubTypes.Type(value = HistoryLine.Post.class, name = "post"),
    @JsonSubTypes.Type(value = HistoryLine.Read.class, name = "list"),
    @JsonSubTypes.Type(value = HistoryLine.Window.class, name = "window"),
    @JsonSubTypes.Type(value = HistoryLine.Version.class, name = "version"),
    @JsonSubTypes.Type(value = HistoryLine.Fault.class, name = "fault"),
    @JsonSubTypes.Type(value = HistoryLine.Stored.class, name = "stored"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface HistoryLine {

    /**
     * An operation on a key.
     *
     * @param saw what it saw of the key, null where it was absent; without meaning unless {@code told}
     */
    record Key(
            long id,
            String process,
            KvOperation.Kind operation,
            String key,
            String argument,
            Status status,
            boolean told,
            @Nullable String saw,
            long invoked,
            long completed)
            implements HistoryLine {
        static Key of(KvOperation operation) {
            KvOperation.Observation observation = operation.observation();
            return new Key(
                    operation.id(),
                    operation.process(),
                    operation.kind(),
                    operation.key(),
                    operation.argument(),
                    operation.status(),
                    observation != null,
                    observation == null ? null : observation.value(),
                    operation.invoked(),
                    operation.completed());
        }

        KvOperation toOperation() {
            return new KvOperation(
                    id,
                    process,
                    operation,
                    key,
                    argument,
                    status,
                    told ? new KvOperation.Observation(saw) : null,
                    invoked,
                    completed);
        }
    }

    /** An attempt to append messages; {@code acks} is null unless it was acknowledged. */
    record Post(
            long id,
            String process,
            @Nullable String requestKey,
            List<String> texts,
            boolean durable,
            Status status,
            long firstId,
            long lastId,
            int w,
            @Nullable List<String> acks,
            long invoked,
            long completed)
            implements HistoryLine {
        static Post of(Submission submission) {
            Submission.Placement placement = submission.placement();
            return new Post(
                    submission.id(),
                    submission.process(),
                    submission.requestKey(),
                    submission.texts(),
                    submission.durable(),
                    submission.status(),
                    placement == null ? 0 : placement.firstId(),
                    placement == null ? 0 : placement.lastId(),
                    placement == null ? 0 : placement.w(),
                    placement == null ? null : placement.acks(),
                    submission.invoked(),
                    submission.completed());
        }

        Submission toSubmission() {
            Submission.Placement placement = acks == null ? null : new Submission.Placement(firstId, lastId, w, acks);
            return new Submission(id, process, requestKey, texts, durable, status, placement, invoked, completed);
        }
    }

    /** A linearizable read of the list. */
    record Read(long id, String process, long lastId, long invoked, long completed) implements HistoryLine {
        static Read of(ListRead read) {
            return new Read(read.id(), read.process(), read.lastId(), read.invoked(), read.completed());
        }

        ListRead toRead() {
            return new ListRead(id, process, lastId, invoked, completed);
        }
    }

    /** A part of the list, read below the linearizable level. */
    record Window(ListWindow seen) implements HistoryLine {}

    /** A key's value and where it got it, as a write or a read of any level was told. */
    record Version(KeyVersion seen) implements HistoryLine {}

    /** What was done to the cluster; for people, decides nothing. */
    record Fault(long at, String what) implements HistoryLine {}

    /** A message as a node listed it in the end. */
    record Stored(String node, long id, String text) implements HistoryLine {}
}

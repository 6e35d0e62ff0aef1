package io.replog.cli.check;

import io.replog.checker.KeyVersion;
import io.replog.checker.KvOperation;
import io.replog.checker.LinearizabilityChecker;
import io.replog.checker.ListRead;
import io.replog.checker.ListWindow;
import io.replog.checker.LogChecker;
import io.replog.checker.NodeLog;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import io.replog.checker.Verdict;
import io.replog.checker.VersionChecker;
import io.replog.checker.Violation;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that clients asked and were told, and what the nodes had in the end. Thread-safe. It takes a bounded number
 * of operations, so its memory is bounded too: about 400 bytes for each.
 */
public final class History {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int mostOperations;
    private final AtomicLong nextId = new AtomicLong(1);
    private final List<KvOperation> keys = new ArrayList<>();
    private final List<Submission> posts = new ArrayList<>();
    private final List<ListRead> reads = new ArrayList<>();
    private final List<ListWindow> windows = new ArrayList<>();
    private final List<KeyVersion> versions = new ArrayList<>();
    private final List<HistoryLine.Fault> faults = new ArrayList<>();
    private final List<NodeLog> logs = new ArrayList<>();
    private long acknowledged;
    private long refused;
    private long unknown;

    /** @param mostOperations how many it takes, from 1 */
    public History(int mostOperations) {
        this.mostOperations = mostOperations;
    }

    long nextId() {
        return nextId.getAndIncrement();
    }

    /** Whether it takes no more. */
    synchronized boolean isFull() {
        return size() >= mostOperations;
    }

    /** Operations so far. */
    public synchronized int size() {
        return keys.size() + posts.size() + reads.size() + windows.size();
    }

    synchronized void add(KvOperation operation) {
        keys.add(operation);
        count(operation.status());
    }

    synchronized void add(Submission submission) {
        posts.add(submission);
        count(submission.status());
    }

    synchronized void add(ListRead read) {
        reads.add(read);
        count(Status.OK);
    }

    synchronized void add(ListWindow window) {
        windows.add(window);
        count(Status.OK);
    }

    /** What an operation was told beside its answer; no operation of its own. */
    synchronized void add(KeyVersion version) {
        versions.add(version);
    }

    synchronized void add(HistoryLine.Fault fault) {
        faults.add(fault);
    }

    synchronized void add(NodeLog log) {
        logs.add(log);
    }

    private void count(Status status) {
        switch (status) {
            case OK -> acknowledged++;
            case REFUSED -> refused++;
            case UNKNOWN -> unknown++;
        }
    }

    public synchronized long acknowledged() {
        return acknowledged;
    }

    public synchronized long refused() {
        return refused;
    }

    public synchronized long unknown() {
        return unknown;
    }

    /** What was done to the cluster, in order. */
    public synchronized List<String> faults() {
        return faults.stream().map(HistoryLine.Fault::what).toList();
    }

    /** Whether each key was linearizable and the log kept its promises. */
    public synchronized Verdict judge() {
        Verdict ofKeys = LinearizabilityChecker.check(keys);
        Verdict ofVersions = VersionChecker.check(versions);
        Verdict ofLog = LogChecker.check(posts, reads, windows, logs);
        List<Violation> violations = new ArrayList<>();
        for (Verdict verdict : List.of(ofKeys, ofVersions, ofLog)) {
            if (verdict instanceof Verdict.Violated violated) {
                violations.addAll(violated.violations());
            }
        }
        if (!violations.isEmpty()) {
            return new Verdict.Violated(violations);
        }
        if (ofKeys instanceof Verdict.Undecided undecided) {
            return undecided;
        }
        return ofLog instanceof Verdict.Undecided undecided ? undecided : new Verdict.Passed(size());
    }

    /** Keeps the history in a file, a JSON object a line. */
    public synchronized void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (KvOperation operation : keys) {
                write(out, HistoryLine.Key.of(operation));
            }
            for (Submission post : posts) {
                write(out, HistoryLine.Post.of(post));
            }
            for (ListRead read : reads) {
                write(out, HistoryLine.Read.of(read));
            }
            for (ListWindow window : windows) {
                write(out, new HistoryLine.Window(window));
            }
            for (KeyVersion version : versions) {
                write(out, new HistoryLine.Version(version));
            }
            for (HistoryLine.Fault fault : faults) {
                write(out, fault);
            }
            for (NodeLog log : logs) {
                for (NodeLog.Message message : log.messages()) {
                    write(out, new HistoryLine.Stored(log.node(), message.id(), message.text()));
                }
            }
        }
    }

    private static void write(BufferedWriter out, HistoryLine line) throws IOException {
        out.write(JSON.writerFor(HistoryLine.class).writeValueAsString(line));
        out.newLine();
    }

    /**
     * Reads a history that was kept.
     *
     * @throws IllegalArgumentException where a line is none of a history; names it
     */
    public static History read(Path file) throws IOException {
        History history = new History(Integer.MAX_VALUE);
        Map<String, List<NodeLog.Message>> stored = new LinkedHashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                if (text.isBlank()) {
                    continue;
                }
                switch (parse(text, file, number)) {
                    case HistoryLine.Key key -> history.add(key.toOperation());
                    case HistoryLine.Post post -> history.add(post.toSubmission());
                    case HistoryLine.Read read -> history.add(read.toRead());
                    case HistoryLine.Window window -> history.add(window.seen());
                    case HistoryLine.Version version -> history.add(version.seen());
                    case HistoryLine.Fault fault -> history.add(fault);
                    case HistoryLine.Stored message ->
                        stored.computeIfAbsent(message.node(), node -> new ArrayList<>())
                                .add(new NodeLog.Message(message.id(), message.text()));
                }
            }
        }
        stored.forEach((node, messages) -> history.add(new NodeLog(node, true, messages)));
        return history;
    }

    private static HistoryLine parse(String text, Path file, int number) {
        try {
            HistoryLine line = JSON.readValue(text, HistoryLine.class);
            if (line != null) {
                return line;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " line " + number + ": " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(file + " line " + number + ": no line of a history");
    }
}

package io.replog.api.client;

import io.replog.api.Durations;
import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.api.cluster.ClusterView;
import io.replog.api.cluster.NewMember;
import io.replog.api.cluster.NodeHealth;
import io.replog.api.kv.Dump;
import io.replog.api.kv.KeyDeleted;
import io.replog.api.kv.KeyHashed;
import io.replog.api.kv.KeyValue;
import io.replog.api.kv.KeyWritten;
import io.replog.api.log.LogDigest;
import io.replog.api.message.Appended;
import io.replog.api.message.BatchAppended;
import io.replog.api.message.Message;
import io.replog.api.message.MessageAcks;
import io.replog.api.message.MessageDetail;
import io.replog.api.message.MessageList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a cluster, or one node, can be asked. Writes end as {@link WriteOutcome}; reads give their result, or throw
 * {@link RefusedException} where a node refused and {@link UnreachableException} where none answered.
 */
public abstract sealed class ReplogOperations implements AutoCloseable permits ReplogClient, NodeClient {
    private static final int NOT_FOUND = 404;

    ReplogOperations() {}

    /** Sends a write until its outcome is known or its time is over. */
    abstract <T> WriteOutcome<T> write(HttpCall call, WriteOptions options, Class<T> type);

    /** The answer to a call that changes nothing or may be repeated: success or 404, nothing else. */
    abstract HttpReply ask(HttpCall call, Route route);

    /** Hands the body of the successful answer to {@code consumer} while it comes. */
    abstract void stream(HttpCall call, Route route, BodyConsumer consumer);

    /** Appends a message. */
    public WriteOutcome<Appended> post(String message) {
        return post(message, WriteOptions.DEFAULT);
    }

    /** Appends a message. */
    public WriteOutcome<Appended> post(String message, WriteOptions options) {
        return write(Calls.post(message, options), options, Appended.class);
    }

    /** Appends 1–10,000 messages, all or none, with consecutive ids. */
    public WriteOutcome<BatchAppended> postBatch(List<String> messages, WriteOptions options) {
        return write(Calls.postBatch(messages, options), options, BatchAppended.class);
    }

    /** Messages in the order of ids, all of them in memory. */
    public MessageList messages(ReadOptions options) {
        return require(Calls.messages(options, ReplogMediaTypes.JSON), route(options, Route.GIVEN), MessageList.class);
    }

    /** Hands over messages one by one in the order of ids, in constant memory. */
    public void forEachMessage(ReadOptions options, Consumer<Message> consumer) {
        stream(Calls.messages(options, ReplogMediaTypes.NDJSON), route(options, Route.GIVEN), body -> {
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    consumer.accept(Json.read(line.getBytes(StandardCharsets.UTF_8), Message.class));
                }
            }
        });
    }

    /** A message, empty where no message has this id. */
    public Optional<MessageDetail> message(long id) {
        return optional(Calls.message(id), Route.GIVEN, MessageDetail.class);
    }

    /** Who holds a message, after waiting up to {@code wait} for the last member that lacks it. */
    public Optional<MessageAcks> acks(long id, Duration wait) {
        return optional(Calls.acks(id, Durations.format(wait)), Route.LEADER, MessageAcks.class);
    }

    /** A key's value, empty where the key is absent. Linearizable unless the options say otherwise. */
    public Optional<KeyValue> get(String key, ReadOptions options) {
        return optional(Calls.get(key, options), route(options, Route.LEADER), KeyValue.class);
    }

    /** Sets a key. */
    public WriteOutcome<KeyWritten> put(String key, String value, WriteOptions options) {
        return write(Calls.put(key, value, options), options, KeyWritten.class);
    }

    /** Appends to a key's value; an absent one is empty. */
    public WriteOutcome<KeyWritten> append(String key, String value, WriteOptions options) {
        return write(Calls.append(key, value, options), options, KeyWritten.class);
    }

    /** Sets a key to the hash of its value followed by {@code value}. */
    public WriteOutcome<KeyHashed> hash(String key, String value, WriteOptions options) {
        return write(Calls.hash(key, value, options), options, KeyHashed.class);
    }

    /** Removes a key. */
    public WriteOutcome<KeyDeleted> delete(String key, WriteOptions options) {
        return write(Calls.delete(key, options), options, KeyDeleted.class);
    }

    /** One consistent, sorted state of one node; keys that begin with {@code prefix}, which may be empty. */
    public Dump dump(String prefix, ReadOptions options) {
        return require(Calls.dump(prefix, options), route(options, Route.GIVEN), Dump.class);
    }

    /** The view of the cluster. */
    public ClusterView cluster() {
        return require(Calls.json(Target.of("/cluster")), Route.LEADER, ClusterView.class);
    }

    /** A node's own health. */
    public NodeHealth health() {
        return require(Calls.json(Target.of("/health")), Route.GIVEN, NodeHealth.class);
    }

    /** Checksum over all entries up to {@code index}, empty where the node does not have them all. */
    public Optional<LogDigest> digest(long index) {
        return optional(Calls.json(Target.of("/log/digest").with("upto", index)), Route.GIVEN, LogDigest.class);
    }

    /** Hands the lead over to a member. */
    public void handOver(String to) {
        demand(Calls.handOver(to), Route.LEADER);
    }

    /** Adds a member, or changes the one of that id. */
    public void changeMember(NewMember member) {
        demand(Calls.member(member), Route.LEADER);
    }

    /** Takes a member out of the cluster. */
    public void removeMember(String id) {
        demand(Calls.removeMember(id), Route.LEADER);
    }

    /** The same bytes, from a node that is alive, with its time. */
    public Echo echo(byte[] body) {
        HttpReply reply = demand(Calls.echo(body), Route.GIVEN);
        return new Echo(reply.body(), reply.header(ReplogHeaders.NODE), reply.header(ReplogHeaders.TIME));
    }

    @Override
    public abstract void close();

    private static Route route(ReadOptions options, Route byDefault) {
        if (options.read() == null) {
            return byDefault;
        }
        return options.read().equals("linearizable") ? Route.LEADER : Route.GIVEN;
    }

    final HttpReply demand(HttpCall call, Route route) {
        HttpReply reply = ask(call, route);
        if (!reply.head().isSuccess()) {
            throw new RefusedException(Problems.read(reply));
        }
        return reply;
    }

    final <T> T require(HttpCall call, Route route, Class<T> type) {
        return parse(demand(call, route), type);
    }

    private <T> Optional<T> optional(HttpCall call, Route route, Class<T> type) {
        HttpReply reply = ask(call, route);
        if (reply.status() == NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(parse(reply, type));
    }

    private static <T> T parse(HttpReply reply, Class<T> type) {
        try {
            return Json.read(reply.body(), type);
        } catch (IOException e) {
            throw new UnreachableException("no replog node: " + e.getMessage(), e);
        }
    }

    /** Which nodes to ask first. */
    enum Route {
        /** The leader, where it is known. */
        LEADER,
        /** The nodes that the client was given, in their order. */
        GIVEN
    }

    /** Reads a response's body while it comes. */
    @FunctionalInterface
    interface BodyConsumer {
        void accept(InputStream body) throws IOException;
    }
}

package io.replog.node.text;

import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What clients of Redis ask and say when they connect, and what is answered to them. */
final class Introductions {
    private Introductions() {}

    static Reply hello(List<byte[]> arguments, ReplicaStatus status) {
        if (!arguments.isEmpty() && !Words.ascii(arguments.getFirst()).equals("2")) {
            return Reply.error("NOPROTO", "unsupported protocol version: accepted is 2");
        }
        return Reply.array(List.of(
                Reply.bulk("server"),
                Reply.bulk("replog"),
                Reply.bulk("version"),
                Reply.bulk("7.0.0"),
                Reply.bulk("proto"),
                new IntegerRedisMessage(2),
                Reply.bulk("id"),
                new IntegerRedisMessage(0),
                Reply.bulk("mode"),
                Reply.bulk("standalone"),
                Reply.bulk("role"),
                Reply.bulk(status.writable() ? "master" : "replica"),
                Reply.bulk("modules"),
                new ArrayRedisMessage(List.of())));
    }

    static String info(ReplicaStatus status, NodeId self) {
        NodeId leader = status.leader();
        return """
                # Server\r
                redis_version:7.0.0\r
                server_name:replog\r
                redis_mode:standalone\r
                \r
                # Replication\r
                role:%s\r
                node:%s\r
                leader:%s\r
                term:%d\r
                view:%d\r
                commit_index:%d\r
                last_index:%d\r
                members:%d\r
                \r
                # Keyspace\r
                db0:keys=%d,expires=0,avg_ttl=0\r
                """.formatted(
                        status.role().name().toLowerCase(Locale.ROOT),
                        self,
                        leader == null ? "" : leader,
                        status.term(),
                        status.view(),
                        status.commitIndex(),
                        status.lastIndex(),
                        status.members().size(),
                        status.state().kv().size());
    }

    /** {@code COMMAND} */
    static Reply commands(List<byte[]> arguments) {
        String what =
                arguments.isEmpty() ? "" : Words.ascii(arguments.getFirst()).toUpperCase(Locale.ROOT);
        List<TextCommand> all = Arrays.asList(TextCommand.values());
        return switch (what) {
            case "COUNT" -> Reply.number(all.size());
            case "DOCS" -> Reply.array(List.of());
            case "LIST" ->
                Reply.array(all.stream()
                        .map(command -> Reply.bulk(command.lowerCaseName()))
                        .toList());
            case "" -> Reply.array(all.stream().map(Introductions::described).toList());
            case "INFO" ->
                Reply.array(arguments.subList(1, arguments.size()).stream()
                        .map(Introductions::described)
                        .toList());
            default -> Reply.error("ERR", "unknown subcommand of COMMAND: accepted are COUNT, DOCS, INFO and LIST");
        };
    }

    private static RedisMessage described(byte[] name) {
        TextCommand command = TextCommand.of(name);
        return command == null ? ArrayRedisMessage.NULL_INSTANCE : described(command);
    }

    private static RedisMessage described(TextCommand command) {
        int first = command.hasKeys() ? 1 : 0;
        return new ArrayRedisMessage(List.of(
                Reply.bulk(command.lowerCaseName()),
                new IntegerRedisMessage(command.arity()),
                new ArrayRedisMessage(List.of(Reply.bulk(command.writes() ? "write" : "readonly"))),
                new IntegerRedisMessage(first),
                new IntegerRedisMessage(command.hasManyKeys() ? -1 : first),
                new IntegerRedisMessage(first)));
    }

    /** {@code CLIENT}: clients name themselves. */
    static Reply client(List<byte[]> arguments) {
        return switch (Words.ascii(arguments.getFirst()).toUpperCase(Locale.ROOT)) {
            case "SETINFO", "SETNAME" -> Reply.OK;
            case "GETNAME" -> Reply.value(null);
            case "ID" -> Reply.number(0);
            default ->
                Reply.error("ERR", "unknown subcommand of CLIENT: accepted are SETINFO, SETNAME, GETNAME and ID");
        };
    }

    /** {@code CONFIG}: {@code redis-benchmark} asks for these two. */
    static Reply config(List<byte[]> arguments) {
        boolean isGet =
                arguments.size() == 2 && Words.ascii(arguments.getFirst()).equalsIgnoreCase("GET");
        if (!isGet) {
            return Reply.error("ERR", "accepted is CONFIG GET name");
        }
        String name = Words.ascii(arguments.get(1)).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "save" -> Reply.array(List.of(Reply.bulk(name), Reply.bulk("")));
            case "appendonly" -> Reply.array(List.of(Reply.bulk(name), Reply.bulk("yes")));
            default -> Reply.array(List.of());
        };
    }

    /** {@code SELECT} */
    static Reply select(byte[] database) {
        return Words.ascii(database).equals("0")
                ? Reply.OK
                : Reply.error("ERR", "DB index is out of range: accepted is 0");
    }
}

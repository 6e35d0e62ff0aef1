package io.replog.storage;

import io.replog.core.kv.KvCommand;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes consecutive entries, as a leader would. */
final class EntrySource {
    private long lastIndex;
    private long lastId;
    private long term = 1;

    EntrySource term(long newTerm) {
        term = newTerm;
        return this;
    }

    /** Goes on behind {@code index}, as after a truncation. */
    EntrySource behind(long index, long id) {
        lastIndex = index;
        lastId = id;
        return this;
    }

    LogEntry message(String text) {
        return batch(text);
    }

    LogEntry batch(String... texts) {
        List<byte[]> bytes = new ArrayList<>();
        for (String text : texts) {
            bytes.add(text.getBytes(StandardCharsets.UTF_8));
        }
        lastId += texts.length;
        return EntryCodec.frame(header(texts.length), EntryCodec.encode(RequestKey.NONE, new Payload.Messages(bytes)));
    }

    LogEntry put(String key, String value) {
        KvCommand command = new KvCommand(KvCommand.Operation.PUT, key, value, KvCommand.Condition.NONE);
        return EntryCodec.frame(header(1), EntryCodec.encode(RequestKey.NONE, new Payload.Command(command)));
    }

    LogEntry noOp() {
        return EntryCodec.frameControl(header(1), new Payload.NoOp(term));
    }

    /** Messages that are called {@code prefix} and a number from 1. */
    List<LogEntry> messages(String prefix, int count) {
        List<LogEntry> entries = new ArrayList<>();
        for (int at = 1; at <= count; at++) {
            entries.add(message(prefix + at));
        }
        return entries;
    }

    private EntryHeader header(int count) {
        EntryHeader header = new EntryHeader(lastIndex + 1, count, term, 1_700_000_000_000L, lastId, 0);
        lastIndex += count;
        return header;
    }

    static List<String> texts(Iterable<LogEntry> entries) {
        List<String> texts = new ArrayList<>();
        for (LogEntry entry : entries) {
            if (EntryCodec.payload(entry) instanceof Payload.Messages messages) {
                messages.texts().forEach(text -> texts.add(new String(text, StandardCharsets.UTF_8)));
            }
        }
        return texts;
    }
}

package io.replog.api.client;

import org.jspecify.annotations.Nullable;

/** A response with its whole body. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares calls or replies; a copy would cost.
record HttpReply(HttpHead head, byte[] body) {

    int status() {
        return head.status();
    }

    @Nullable String header(String name) {
        return head.header(name);
    }
}

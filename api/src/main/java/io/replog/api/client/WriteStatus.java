package io.replog.api.client;

/** What the status of an answer says about a write. */
enum WriteStatus {
    /** Acknowledged. */
    DONE,
    /** Not stored, and it makes no sense to send it again. */
    REFUSED,
    /** Not stored; another node, or the same one later, may take it. */
    TRY_AGAIN,
    /** It may have been stored. Sending it again with the same key is safe. */
    MAYBE_STORED;

    static WriteStatus of(int status) {
        if (status >= 200 && status < 300) {
            return DONE;
        }
        return switch (status) {
            case 429, 503 -> TRY_AGAIN;
            case 507 -> REFUSED;
            default -> status >= 500 ? MAYBE_STORED : REFUSED;
        };
    }
}

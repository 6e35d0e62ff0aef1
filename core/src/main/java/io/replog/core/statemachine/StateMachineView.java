package io.replog.core.statemachine;

import io.replog.core.kv.KvMap;

/**
 * The applied state for readers on any thread. Immutable.
 *
 * @param appliedIndex  last index applied; only committed entries are applied
 * @param committedId   id of the last committed message
 * @param kv            the key-value store at {@code appliedIndex}
 */
public record StateMachineView(long appliedIndex, long committedId, KvMap kv) {}

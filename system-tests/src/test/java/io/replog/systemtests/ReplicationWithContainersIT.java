package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class ReplicationWithContainersIT extends ReplicationCases {
    ReplicationWithContainersIT() {
        super(Backend.CONTAINERS);
    }
}

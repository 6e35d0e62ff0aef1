package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class ReplicationWithProcessesIT extends ReplicationCases {
    ReplicationWithProcessesIT() {
        super(Backend.PROCESSES);
    }
}

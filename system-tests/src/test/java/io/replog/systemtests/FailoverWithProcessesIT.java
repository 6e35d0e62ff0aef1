package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class FailoverWithProcessesIT extends FailoverCases {
    FailoverWithProcessesIT() {
        super(Backend.PROCESSES);
    }
}

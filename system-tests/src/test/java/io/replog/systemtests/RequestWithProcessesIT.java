package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class RequestWithProcessesIT extends RequestCases {
    RequestWithProcessesIT() {
        super(Backend.PROCESSES);
    }
}

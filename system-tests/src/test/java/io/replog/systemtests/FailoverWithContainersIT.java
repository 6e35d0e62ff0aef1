package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class FailoverWithContainersIT extends FailoverCases {
    FailoverWithContainersIT() {
        super(Backend.CONTAINERS);
    }
}

package io.replog.systemtests;

import io.replog.systemtests.harness.Backend;

class RequestWithContainersIT extends RequestCases {
    RequestWithContainersIT() {
        super(Backend.CONTAINERS);
    }
}

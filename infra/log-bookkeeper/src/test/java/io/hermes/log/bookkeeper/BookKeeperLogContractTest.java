package io.hermes.log.bookkeeper;

import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;

class BookKeeperLogContractTest extends LogContract {

    @Override
    protected LogFixture fixture() {
        return new BookKeeperFixture();
    }
}

package io.hermes.log.bookkeeper;

import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import io.hermes.log.tck.BulletinContract;
import io.hermes.log.tck.LogFixture;
import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.Nullable;

class ZooKeeperBulletinContractTest extends BulletinContract {

    @Override
    protected LogFixture fixture() {
        return new BoardFixture();
    }

    /** A real ZooKeeper; each process has a session of its own. */
    private static final class BoardFixture implements LogFixture {

        @Override
        public LogBackend open(String logName) {
            CuratorFramework client = SharedZooKeeper.running().client();
            ZooKeeperBulletin board = new ZooKeeperBulletin(client, (what, cause) -> {}, "/contract/" + logName);
            board.start();
            return new BoardBackend(client, board);
        }

        @Override
        public void crash(LogBackend backend) {
            backend.close();
        }

        @Override
        public void restartBrokers() {
            SharedZooKeeper.running().kill();
            SharedZooKeeper.running().start();
        }

        @Override
        public void close() {
            // The server is shared with other test classes.
        }
    }

    private record BoardBackend(CuratorFramework client, ZooKeeperBulletin bulletin) implements LogBackend {

        @Override
        public @Nullable ReplicaLink link() {
            return null;
        }

        @Override
        public OrderedLog log() {
            throw new UnsupportedOperationException("only the board is tested");
        }

        @Override
        public ReplyBus replies() {
            throw new UnsupportedOperationException("only the board is tested");
        }

        @Override
        public void close() {
            bulletin.close();
            client.close();
        }
    }
}

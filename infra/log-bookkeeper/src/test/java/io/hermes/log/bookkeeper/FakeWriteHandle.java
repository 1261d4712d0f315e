package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.bookkeeper.client.api.WriteHandle;
import org.jspecify.annotations.Nullable;

/** A ledger whose entries are acknowledged, or not, when a test says so. */
final class FakeWriteHandle {

    /** Of each entry that was added, in order. */
    final List<CompletableFuture<Long>> answers = new ArrayList<>();

    /** Set by a test: the ledger answers at once, as BookKeeper's client does when it is closed. */
    @Nullable
    Throwable refusal;

    WriteHandle handle() {
        return (WriteHandle) Proxy.newProxyInstance(
                WriteHandle.class.getClassLoader(), new Class<?>[] {WriteHandle.class}, (proxy, method, args) -> {
                    if (method.getName().equals("appendAsync") && args[0] instanceof ByteBuf entry) {
                        entry.release();
                        return add();
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }

    private CompletableFuture<Long> add() {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        answers.add(answer);
        Throwable failure = refusal;
        if (failure != null) {
            answer.completeExceptionally(failure);
        }
        return answer;
    }
}

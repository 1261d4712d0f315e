package io.hermes.log.bookkeeper;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundPathAndBytesable;
import org.apache.curator.framework.api.SetDataBuilder;
import org.apache.zookeeper.KeeperException;

/** A client of ZooKeeper to which the answer of a change gets lost: the change is made, and more happens before it is told. */
final class LostAnswers {

    private final CuratorFramework curator;
    private final Runnable meanwhile;

    private LostAnswers(CuratorFramework curator, Runnable meanwhile) {
        this.curator = curator;
        this.meanwhile = meanwhile;
    }

    static CuratorFramework of(CuratorFramework curator, Runnable meanwhile) {
        return new LostAnswers(curator, meanwhile).client();
    }

    private CuratorFramework client() {
        return proxy(CuratorFramework.class, (name, args, call) -> name.equals("setData") ? setData() : call.get());
    }

    private SetDataBuilder setData() {
        SetDataBuilder builder = curator.setData();
        return proxy(
                SetDataBuilder.class,
                builder,
                (name, args, call) -> name.equals("withVersion") ? withVersion(builder, (int) args[0]) : call.get());
    }

    private Object withVersion(SetDataBuilder builder, int version) {
        return proxy(BackgroundPathAndBytesable.class, builder.withVersion(version), (name, args, call) -> {
            call.get();
            meanwhile.run();
            throw new KeeperException.ConnectionLossException();
        });
    }

    private <T> T proxy(Class<T> type, Answer answer) {
        return proxy(type, curator, answer);
    }

    private static <T> T proxy(Class<T> type, Object target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> answer.of(method.getName(), args, () -> {
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                })));
    }

    private interface Call {
        Object get() throws Exception;
    }

    private interface Answer {
        Object of(String method, Object[] args, Call call) throws Exception;
    }
}

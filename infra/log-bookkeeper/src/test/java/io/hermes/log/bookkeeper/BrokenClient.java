package io.hermes.log.bookkeeper;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.curator.framework.CuratorFramework;

/** A client of ZooKeeper of which a class cannot be loaded. */
final class BrokenClient {

    private BrokenClient() {}

    static CuratorFramework of(CuratorFramework curator, String call) {
        return (CuratorFramework) Proxy.newProxyInstance(
                CuratorFramework.class.getClassLoader(),
                new Class<?>[] {CuratorFramework.class},
                (proxy, method, args) -> {
                    if (method.getName().equals(call)) {
                        throw new NoClassDefFoundError("for " + call);
                    }
                    try {
                        return method.invoke(curator, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

package org.senderauth.server;

import java.lang.reflect.Proxy;

/**
 * The handler of SIGHUP, the signal on which daemons read their configuration again. The JDK has signals in {@code
 * jdk.unsupported} only, of which javac warns in any case, so the handler uses reflection.
 */
public final class SighupHandler {

    private SighupHandler() {}

    /**
     * Runs something at each SIGHUP, instead of ending the JVM.
     *
     * @param action what to run, on a thread of its own
     *
     * @return whether this platform has the signal
     */
    public static boolean onSignal(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    SighupHandler.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle":
                                action.run();
                                return null;
                            case "hashCode":
                                return System.identityHashCode(self);
                            case "equals":
                                return arguments != null && self == arguments[0];
                            default:
                                return "SIGHUP handler";
                        }
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}

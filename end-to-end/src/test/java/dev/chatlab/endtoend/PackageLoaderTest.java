package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import dev.samlocal.template.WebSocketApi.Function;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Shows that tests on the package run the package's classes. */
class PackageLoaderTest {

    @Test
    void functionsAreLoadedFromThePackageAndEventsFromTheRuntime() throws Exception {
        ClassLoader loader = PackageLoader.open();
        Class<?> packaged = loader.loadClass("dev.chatlab.lambda.ConnectHandler");

        assertThat(packaged.getProtectionDomain().getCodeSource().getLocation().getPath())
                .endsWith("chat-lambda.jar");
        assertThat(loader.loadClass(APIGatewayV2WebSocketEvent.class.getName()))
                .isSameAs(APIGatewayV2WebSocketEvent.class);
    }

    @Test
    void gatewayLoadsFunctionsWithTheContextClassLoader() {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(own) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name, resolve);
            }
        });
        try {
            LocalChat.startForAnyPage().close();
        } finally {
            thread.setContextClassLoader(own);
        }

        assertThat(asked)
                .containsAll(Deployed.functions().values().stream()
                        .map(Function::handler)
                        .toList());
    }
}

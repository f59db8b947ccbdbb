package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Context;
import org.crac.Resource;
import org.junit.jupiter.api.Test;

/** The SnapStart hook before the checkpoint and after the restore, and which functions have one. */
class SnapStartPrimingTest {

    private static final Set<StreamId> STREAMS = HashSet.of(StreamId.of(new ConnectionId("ann")));
    private static final Context<Resource> CONTEXT = new NoContext();

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void readableTablesAreReadOnceBeforeTheCheckpointAndNotAfterTheRestore() throws InterruptedException {
        var priming = priming(0, Duration.ZERO);

        priming.beforeCheckpoint(CONTEXT);
        assertThat(reads).hasValue(1);
        priming.afterRestore(CONTEXT);
        assertThat(reads).hasValue(1);
    }

    @Test
    void failedReadIsRepeatedWithinTheTimeout() throws InterruptedException {
        priming(1, Duration.ofMinutes(1)).beforeCheckpoint(CONTEXT);

        assertThat(reads).hasValue(2);
    }

    @Test
    void unreadableTablesFailTheCheckpointWithTheReason() {
        var priming = priming(Integer.MAX_VALUE, Duration.ZERO);

        assertThatIllegalStateException()
                .isThrownBy(() -> priming.beforeCheckpoint(CONTEXT))
                .withMessage("The function cannot read its tables: cannot read connection/ann in table clients: "
                        + "there is no such table");
    }

    @Test
    void onlyFunctionWithSnapStartHasAHook() {
        assertThat(application(Map.of()).priming(STREAMS)).isEmpty();
        assertThat(application(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"))
                        .priming(STREAMS))
                .isEmpty();
        assertThat(application(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))
                        .priming(STREAMS))
                .isNotEmpty();
    }

    private static ChatApplication application(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of("CHAT_STORE", "memory", "AWS_REGION", "eu-central-1"));
        environment.putAll(variables);
        return ChatApplication.of(environment);
    }

    /** The hook of a store whose first reads fail. */
    private SnapStartPriming priming(int failures, Duration timeout) {
        var store = new InMemoryChatStore();
        ChatStore failing = (ChatStore) Proxy.newProxyInstance(
                ChatStore.class.getClassLoader(), new Class<?>[] {ChatStore.class}, (proxy, method, arguments) -> {
                    if (reads.incrementAndGet() <= failures) {
                        throw new StoreException(
                                "cannot read connection/ann in table clients: there is no such table",
                                new IllegalStateException());
                    }
                    return method.invoke(store, arguments);
                });
        return new SnapStartPriming(failing, STREAMS, timeout);
    }

    /** A context that the hook must not use. */
    private static final class NoContext extends Context<Resource> {

        @Override
        public void register(Resource resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            throw new UnsupportedOperationException();
        }
    }
}

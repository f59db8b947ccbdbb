package dev.chatlab.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatStoreContract;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Tests the contract itself: each of its tests rejects the broken stores that it must reject, and accepts a correct store. */
class ContractGuardTest {

    private static final AtomicReference<Supplier<ChatStore>> STORE = new AtomicReference<>(InMemoryChatStore::new);

    @Test
    void everyTestOfTheContractHasBrokenStores() {
        assertThat(tests().map(Method::getName)).containsExactlyInAnyOrderElementsOf(BrokenStores.REJECTED_BY.keySet());
    }

    @TestFactory
    Stream<DynamicTest> brokenStoreIsRejected() {
        return tests().flatMap(test -> Objects.requireNonNull(BrokenStores.REJECTED_BY.get(test.getName()))
                .toJavaStream()
                .map(store -> DynamicTest.dynamicTest(
                        store.get().getClass().getSimpleName() + " fails " + test.getName(),
                        () -> assertThat(isRejected(test, store)).isTrue())));
    }

    @TestFactory
    Stream<DynamicTest> correctStoreIsAccepted() {
        return tests().map(test -> DynamicTest.dynamicTest(
                test.getName(),
                () -> assertThat(failures(test, InMemoryChatStore::new)).isZero()));
    }

    /** A test runs up to 20 times, because its random scenarios may miss the fault in a single run. */
    private static boolean isRejected(Method test, Supplier<ChatStore> store) {
        return IntStream.range(0, 20).anyMatch(run -> failures(test, store) == 1);
    }

    private static long failures(Method test, Supplier<ChatStore> store) {
        STORE.set(store);
        var events = EngineTestKit.engine("jqwik")
                .selectors(selectMethod(Contract.class, test))
                .execute()
                .testEvents();
        assertThat(events.started().count()).isEqualTo(1);
        return events.failed().count();
    }

    private static Stream<Method> tests() {
        return Arrays.stream(ChatStoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Property.class));
    }

    /** The contract for the store that is under test at the moment. */
    static final class Contract extends ChatStoreContract {
        @Override
        protected ChatStore empty() {
            return Objects.requireNonNull(STORE.get()).get();
        }
    }
}

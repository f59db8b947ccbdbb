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

/** A contract is worth what it refuses: for each of its laws, stores that break it and nothing else. */
class ContractGuardTest {

    private static final AtomicReference<Supplier<ChatStore>> MAKER = new AtomicReference<>(InMemoryChatStore::new);

    @Test
    void everyLawHasStoresThatBreakIt() {
        assertThat(laws().map(Method::getName)).containsExactlyInAnyOrderElementsOf(BrokenStores.LAWS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> aStoreThatBreaksTheLawFails() {
        return laws().flatMap(law -> Objects.requireNonNull(BrokenStores.LAWS.get(law.getName()))
                .toJavaStream()
                .map(maker -> DynamicTest.dynamicTest(
                        maker.get().getClass().getSimpleName() + " breaks " + law.getName(),
                        () -> assertThat(isFoundOut(law, maker)).isTrue())));
    }

    @TestFactory
    Stream<DynamicTest> aStoreThatKeepsItDoesNot() {
        return laws().map(law -> DynamicTest.dynamicTest(
                law.getName(),
                () -> assertThat(failures(law, InMemoryChatStore::new)).isZero()));
    }

    /** A law tries what chance offers: a few more times, and it has met what matters. */
    private static boolean isFoundOut(Method law, Supplier<ChatStore> maker) {
        return IntStream.range(0, 20).anyMatch(run -> failures(law, maker) == 1);
    }

    private static long failures(Method law, Supplier<ChatStore> maker) {
        MAKER.set(maker);
        var run = EngineTestKit.engine("jqwik")
                .selectors(selectMethod(Contract.class, law))
                .execute()
                .testEvents();
        assertThat(run.started().count()).isEqualTo(1);
        return run.failed().count();
    }

    private static Stream<Method> laws() {
        return Arrays.stream(ChatStoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Property.class));
    }

    /** The contract, for whichever store is to be tried. */
    static final class Contract extends ChatStoreContract {
        @Override
        protected ChatStore empty() {
            return Objects.requireNonNull(MAKER.get()).get();
        }
    }
}

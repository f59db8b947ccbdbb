package dev.chatlab.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Shows that each test of {@link ChatProtocolContract} detects hosts that violate it. */
class ProtocolContractGuardTest {

    /** Most tests of a broken host wait until their patience is over. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofSeconds(30);

    /** The run that the current thread belongs to. Threads of the contract inherit it. */
    private static final InheritableThreadLocal<Run> RUN = new InheritableThreadLocal<>();

    /** Most runs wait most of the time, so several run at once. */
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void everyTestOfTheContractHasBrokenHosts() {
        assertThat(tests().map(Method::getName)).containsExactlyInAnyOrderElementsOf(BrokenHosts.BY_TEST.keySet());
    }

    @TestFactory
    Stream<DynamicTest> brokenHostFailsTheTest() {
        return tests()
                .flatMap(test -> Objects.requireNonNull(BrokenHosts.BY_TEST.get(test.getName())).stream()
                        .map(broken -> dynamicTest(
                                test.getName() + ": the host " + broken.description(),
                                failures(test, broken.start(), SHORT),
                                failures -> assertThat(failures)
                                        .anySatisfy(
                                                failure -> assertThat(failure).contains(broken.failure())))))
                .toList()
                .stream();
    }

    @TestFactory
    Stream<DynamicTest> hostThatReordersButDoesNotPromiseOrderPassesTheTest() {
        return tests()
                .filter(test ->
                        test.getName().endsWith("ExactlyOnce") || test.getName().endsWith("WhereOrderIsPromised"))
                .map(test -> dynamicTest(
                        test.getName(),
                        failures(test, BrokenHosts::reordering, LONG),
                        failures -> assertThat(failures).isEmpty()))
                .toList()
                .stream();
    }

    /** A test that awaits a run that has started. */
    private static DynamicTest dynamicTest(String name, Future<List<String>> run, Assertion assertion) {
        return DynamicTest.dynamicTest(name, () -> assertion.check(run.get(2, TimeUnit.MINUTES)));
    }

    /** Runs a test of the contract, and returns the messages that it fails with. */
    private Future<List<String>> failures(Method test, Supplier<TestHost> start, Duration patience) {
        return threads.submit(() -> {
            try (TestHost host = start.get()) {
                RUN.set(new Run(host, patience));
                var events = EngineTestKit.engine("junit-jupiter")
                        .selectors(selectMethod(Contract.class, test))
                        .execute()
                        .testEvents();
                assertThat(events.started().count()).isPositive();
                return events.failed().stream()
                        .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .map(Throwable::getMessage)
                                .orElse(""))
                        .toList();
            } finally {
                RUN.remove();
            }
        });
    }

    private static Stream<Method> tests() {
        return Arrays.stream(ChatProtocolContract.class.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class));
    }

    private interface Assertion {
        void check(List<String> failures);
    }

    private record Run(TestHost host, Duration patience) {}

    /** The contract for the host of the current run. */
    static final class Contract extends ChatProtocolContract {

        @Override
        protected URI endpoint() {
            return run().host.endpoint();
        }

        @Override
        protected boolean promisesOrder() {
            return run().host.promisesOrder();
        }

        @Override
        protected Duration patience() {
            return run().patience;
        }

        private static Run run() {
            return Optional.ofNullable(RUN.get()).orElseThrow();
        }
    }
}

package dev.samlocal.lambda;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Runs the invocations of one function. */
interface FunctionRuntime extends AutoCloseable {

    /** Blocks until the handler has been created. */
    void awaitReady();

    /** Starts an invocation. Cancelling the future interrupts the handler. */
    Future<byte[]> invoke(byte[] event, Duration timeout);

    @Override
    void close();

    /** Runs a handler in this process, each invocation on a virtual thread. */
    static FunctionRuntime inProcess(Handler.Call handler, Environment environment) {
        return new FunctionRuntime() {
            @Override
            public void awaitReady() {}

            @Override
            public Future<byte[]> invoke(byte[] event, Duration timeout) {
                var context = new InvocationContext(environment.variables(), timeout, environment.log()::info);
                var invocation = new FutureTask<>(() -> handler.invoke(event, context));
                Thread.ofVirtual()
                        .name("invocation " + context.getAwsRequestId())
                        .start(invocation);
                return invocation;
            }

            @Override
            public void close() {}
        };
    }
}

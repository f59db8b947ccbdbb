package dev.samlocal.lambda;

import java.time.Duration;
import java.util.concurrent.Future;

/** Runs the invocations of one function. */
interface FunctionRuntime extends AutoCloseable {

    /** Blocks until the handler has been created. */
    default void awaitReady() {}

    /** Starts an invocation. Cancelling the future interrupts the handler. */
    Future<byte[]> invoke(byte[] event, Duration timeout);

    @Override
    default void close() {}
}

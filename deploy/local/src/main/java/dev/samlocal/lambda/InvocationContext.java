package dev.samlocal.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The context object of one invocation: that of Lambda's Java runtime, with a log of its own. */
final class InvocationContext extends LambdaContext {
    /** The variable that holds the function's ARN. Lambda sets none, so the name is this tool's own. */
    static final String ARN_VARIABLE = "SAM_LOCAL_FUNCTION_ARN";

    private final Consumer<String> log;

    /** @param environment the function's variables, including those that Lambda sets */
    InvocationContext(Map<String, String> environment, Duration timeout, Consumer<String> log) {
        super(
                Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")),
                System.currentTimeMillis() + timeout.toMillis(),
                UUID.randomUUID().toString(),
                environment.get("AWS_LAMBDA_LOG_GROUP_NAME"),
                environment.get("AWS_LAMBDA_LOG_STREAM_NAME"),
                environment.get("AWS_LAMBDA_FUNCTION_NAME"),
                null,
                environment.get("AWS_LAMBDA_FUNCTION_VERSION"),
                environment.get(ARN_VARIABLE),
                null,
                null,
                null);
        this.log = log;
    }

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {
            @Override
            public void log(String message) {
                log.accept(message.stripTrailing());
            }

            @Override
            public void log(byte[] message) {
                log(new String(message, StandardCharsets.UTF_8));
            }
        };
    }
}

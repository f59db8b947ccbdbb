package dev.chatlab.dynamodb;

import dev.chatlab.ports.StoreException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What DynamoDB says, in one sentence for whoever runs the chat. */
final class Failures {

    /** What no repetition mends. All else may be over in a moment, and may have happened although we were not told. */
    private static final Set<String> LASTING = Set.of(
            "ResourceNotFoundException",
            "AccessDeniedException",
            "ExpiredTokenException",
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
            "ValidationException",
            "IdempotentParameterMismatchException",
            "ItemCollectionSizeLimitExceededException");

    /** How the SDK begins to say what it has tried, which is long. */
    private static final String NO_CREDENTIALS = "Unable to load credentials";

    private Failures() {}

    static StoreException of(String verb, Object what, SdkException e) {
        return new StoreException("cannot " + verb + " " + what + ": " + reason(e), e);
    }

    /** Whether a write is certainly not done, and never will be. */
    static boolean lasts(SdkException e) {
        return e instanceof AwsServiceException service && LASTING.contains(code(service));
    }

    static String reason(SdkException e) {
        if (!(e instanceof AwsServiceException service)) {
            return String.valueOf(e.getMessage()).startsWith(NO_CREDENTIALS)
                    ? "there are no credentials to ask DynamoDB with"
                    : "DynamoDB did not answer (" + e.getMessage() + ")";
        }
        return switch (code(service)) {
            case "ResourceNotFoundException" -> "there is no such table";
            case "AccessDeniedException" -> "not permitted (" + message(service) + ")";
            case "ExpiredTokenException" -> "the credentials have expired";
            case "UnrecognizedClientException", "InvalidSignatureException" -> "the credentials are not valid";
            case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded" ->
                "DynamoDB is throttling";
            default -> message(service);
        };
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
    }

    private static String message(AwsServiceException e) {
        String message =
                e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return message == null ? String.valueOf(e.getMessage()) : message;
    }
}

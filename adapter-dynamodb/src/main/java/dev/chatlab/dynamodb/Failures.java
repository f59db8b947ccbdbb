package dev.chatlab.dynamodb;

import dev.chatlab.ports.StoreException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Translates the exceptions of the AWS SDK to one sentence for the operator. */
final class Failures {

    /** Errors that a repetition does not cure, and with which DynamoDB stored nothing. */
    private static final Set<String> PERMANENT = Set.of(
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

    /** The start of the SDK's message, which goes on with every place that it searched. */
    private static final String NO_CREDENTIALS = "Unable to load credentials";

    private Failures() {}

    /** The exception for an operation that failed, for example "cannot read room/hall in table rooms: DynamoDB is throttling". */
    static StoreException of(String operation, Object object, SdkException e) {
        return new StoreException("cannot " + operation + " " + object + ": " + reason(e), e);
    }

    /** Whether the attempt that failed stored nothing, and a repetition will fail, too. */
    static boolean isPermanent(SdkException e) {
        return e instanceof AwsServiceException service && PERMANENT.contains(code(service));
    }

    static String reason(SdkException e) {
        if (!(e instanceof AwsServiceException service)) {
            return String.valueOf(e.getMessage()).startsWith(NO_CREDENTIALS)
                    ? "no AWS credentials were found"
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

package dev.chatlab.lambda;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** Posts frames to connections through API Gateway's {@code @connections} API. */
final class Connections implements Gateway {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int GONE = 410;

    private final ApiGatewayManagementApiClient api;

    Connections(ApiGatewayManagementApiClient api) {
        this.api = api;
    }

    @Override
    public Delivery deliver(ConnectionId to, ChatEvent event) {
        return post(to, Frames.told(event));
    }

    /** The SDK's client retries what is throttled, with backoff; what it gives up is not delivered. */
    Delivery post(ConnectionId to, Frame frame) {
        try {
            api.postToConnection(post -> post.connectionId(to.value()).data(SdkBytes.fromUtf8String(frame.json())));
            return Delivery.DELIVERED;
        } catch (AwsServiceException e) {
            if (e.statusCode() == GONE) {
                return Delivery.GONE;
            }
            return failed(to, e);
        } catch (RuntimeException e) {
            // Not only the SDK's own: its HTTP client is known to throw CancellationException when an attempt times
            // out.
            return failed(to, e);
        }
    }

    private static Delivery failed(ConnectionId to, RuntimeException e) {
        LOG.warn("could not post to connection {}: {}", to, e.getMessage());
        return Delivery.FAILED;
    }
}

package dev.chatlab.lambda;

import dev.chatlab.application.BoundedParallel;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway;
import dev.chatlab.protocol.Frame;
import dev.chatlab.protocol.OutboundFrames;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** The gateway of API Gateway's connections: posts frames through the {@code @connections} API, several at a time. */
final class ConnectionsGateway implements Gateway {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionsGateway.class);
    private static final int HTTP_GONE = 410;

    private final ApiGatewayManagementApiClient api;
    private final BoundedParallel posts;

    /** @param parallelPosts how many posts to the recipients of events run at the same time */
    ConnectionsGateway(ApiGatewayManagementApiClient api, int parallelPosts) {
        this.api = api;
        this.posts = new BoundedParallel(parallelPosts);
    }

    @Override
    public Map<ConnectionId, Delivery> deliver(ChatEvent event, Set<ConnectionId> recipients) {
        SdkBytes frame = SdkBytes.fromUtf8String(OutboundFrames.of(event).json());
        java.util.Map<ConnectionId, Delivery> outcomes = new ConcurrentHashMap<>();
        posts.forEach(recipients, recipient -> outcomes.put(recipient, post(recipient, frame)));
        return HashMap.ofAll(outcomes);
    }

    /** Posts one frame to one connection. */
    Delivery post(ConnectionId recipient, Frame frame) {
        return post(recipient, SdkBytes.fromUtf8String(frame.json()));
    }

    /** The SDK retries throttled posts and server errors with backoff. */
    private Delivery post(ConnectionId recipient, SdkBytes frame) {
        try {
            api.postToConnection(post -> post.connectionId(recipient.value()).data(frame));
            return Delivery.DELIVERED;
        } catch (AwsServiceException e) {
            return e.statusCode() == HTTP_GONE ? Delivery.GONE : failed(recipient, e);
        } catch (RuntimeException e) {
            // Not only SdkException: the HTTP client throws CancellationException if an attempt times out while it
            // waits
            // for a connection of the pool.
            return failed(recipient, e);
        }
    }

    private static Delivery failed(ConnectionId recipient, RuntimeException e) {
        LOG.warn("could not post to connection {}: {}", recipient, e.toString());
        return Delivery.FAILED;
    }
}

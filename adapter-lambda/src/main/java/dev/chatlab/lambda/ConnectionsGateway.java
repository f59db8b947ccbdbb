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

/** Posts frames to connections through API Gateway's {@code @connections} API, several at a time. */
final class ConnectionsGateway implements Gateway {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionsGateway.class);
    private static final int HTTP_GONE = 410;

    private final ApiGatewayManagementApiClient api;
    private final BoundedParallel posts;

    /** @param parallelPosts how many posts of this process run at the same time */
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

    /** The SDK retries throttled posts with backoff. A post that it gives up on is not delivered. */
    private Delivery post(ConnectionId recipient, SdkBytes frame) {
        try {
            api.postToConnection(post -> post.connectionId(recipient.value()).data(frame));
            return Delivery.DELIVERED;
        } catch (AwsServiceException e) {
            return e.statusCode() == HTTP_GONE ? Delivery.GONE : failed(recipient, e);
        } catch (RuntimeException e) {
            // Besides SdkException: an HTTP client may throw CancellationException when an attempt times out.
            return failed(recipient, e);
        }
    }

    private static Delivery failed(ConnectionId recipient, RuntimeException e) {
        LOG.warn("could not post to connection {}: {}", recipient, e.getMessage());
        return Delivery.FAILED;
    }
}

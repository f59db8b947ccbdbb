package samples.broadcast;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Removes a connection. Its event and response are classes of its own. */
public class DisconnectHandler implements RequestHandler<DisconnectHandler.Event, DisconnectHandler.Response> {

    /** The part of the event that this handler reads. */
    public static class Event {
        private RequestContext requestContext;

        public RequestContext getRequestContext() {
            return requestContext;
        }

        public void setRequestContext(RequestContext requestContext) {
            this.requestContext = requestContext;
        }
    }

    /** The part of the request context that this handler reads. */
    public static class RequestContext {
        private String connectionId;

        public String getConnectionId() {
            return connectionId;
        }

        public void setConnectionId(String connectionId) {
            this.connectionId = connectionId;
        }
    }

    /** A Lambda proxy response. */
    public static class Response {
        public int getStatusCode() {
            return 200;
        }
    }

    @Override
    public Response handleRequest(Event event, Context context) {
        String id = event.getRequestContext().getConnectionId();
        Aws.DYNAMODB.deleteItem(delete -> delete.tableName(Aws.TABLE).key(Aws.key(id)));
        return new Response();
    }
}

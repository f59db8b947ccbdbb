import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Checks a running chat over one WebSocket: registers, creates a room, sends a message and receives it. Runs on JDK 11 or newer,
 * because the machine's default {@code java} may be older than the one that builds the chat.
 */
class RoundTrip {

    public static void main(String[] args) throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(args[0]), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket s, CharSequence text, boolean last) {
                        received.add(text.toString());
                        s.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        send(socket, received, "{\"action\":\"register\",\"value\":\"CI\"}", "\"signup\"");
        send(socket, received, "{\"action\":\"new-room\",\"value\":\"ci\"}", "\"ack\"");
        send(socket, received, "{\"action\":\"dispatch\",\"value\":\"hello\",\"room\":\"ci\"}", "\"client-message\"");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        System.out.println("round trip: registered, created a room, sent a message and received it");
    }

    /** Sends a frame, and waits for a frame that contains the expected text. */
    private static void send(WebSocket socket, BlockingQueue<String> received, String frame, String expected)
            throws Exception {
        socket.sendText(frame, true).get(10, TimeUnit.SECONDS);
        String answer;
        do {
            answer = received.poll(20, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IllegalStateException("no " + expected + " after " + frame);
            }
        } while (!answer.contains(expected));
    }
}

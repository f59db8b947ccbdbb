import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One real round trip through the socket: register, open a room, say something, hear it. Any JDK from 11 on runs it. */
class RoundTrip {

    public static void main(String[] args) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(args[0]), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket s, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        s.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        ask(socket, heard, "{\"action\":\"register\",\"value\":\"CI\"}", "\"signup\"");
        ask(socket, heard, "{\"action\":\"new-room\",\"value\":\"ci\"}", "\"ack\"");
        ask(socket, heard, "{\"action\":\"dispatch\",\"value\":\"hello\",\"room\":\"ci\"}", "\"client-message\"");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        System.out.println("one round trip: registered, opened a room, said hello, heard it");
    }

    private static void ask(WebSocket socket, BlockingQueue<String> heard, String frame, String wanted) throws Exception {
        socket.sendText(frame, true).get(10, TimeUnit.SECONDS);
        String answer;
        do {
            answer = heard.poll(20, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IllegalStateException("no " + wanted + " to " + frame);
            }
        } while (!answer.contains(wanted));
    }
}

package dev.samlocal;

import dev.samlocal.template.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContentFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Serves the files of one folder, without hidden files and links that lead out of it. Given texts replace some of the files. */
final class StaticFiles {
    /** The values of a Host header that are copied into the policy. */
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");

    private final ResourceHandler handler = new ResourceHandler() {
        @Override
        protected HttpContent.Factory newHttpContentFactory(ByteBufferPool.Sized buffers) {
            // Without the default cache, so that a changed file is served at once.
            return new ResourceHttpContentFactory(getBaseResource(), getMimeTypes(), buffers);
        }
    };

    private final MimeTypes.Mutable types;
    private final Path root;
    private final Map<String, String> texts;

    /**
     * @param texts by decoded path, which starts with a slash
     * @param server starts and stops the files' handler, and gives their types
     */
    StaticFiles(Path folder, Map<String, String> texts, Server server) {
        this.types = server.getMimeTypes();
        handler.setServer(server);
        server.addBean(handler);
        for (String extension : List.of("css", "html", "js", "json", "mjs", "svg", "txt")) {
            types.addMimeMapping(extension, types.getMimeByExtension("x." + extension) + ";charset=utf-8");
        }
        this.texts = Map.copyOf(texts);
        try {
            this.root = folder.toRealPath();
        } catch (IOException e) {
            throw new StartException(folder + ": there is no such folder", e);
        }
        if (!Files.isDirectory(root)) {
            throw new StartException(folder + ": it is not a folder");
        }
        handler.setBaseResource(ResourceFactory.of(handler).newResource(root));
        handler.setDirAllowed(false);
        handler.setEtags(true);
        handler.setCacheControl("no-cache");
    }

    /** Returns false if there is no such file; the response has the security headers in any case. */
    boolean handle(Request request, Response response, Callback callback) throws Exception {
        secure(request, response);
        String path = URIUtil.decodePath(request.getHttpURI().getPath());
        var text = texts.get(path);
        if (text != null) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            Replies.text(response, 200, types.getMimeByExtension(path), text, callback);
            return true;
        }
        return exists(path) && handler.handle(request, response, callback);
    }

    private boolean exists(String path) {
        String name = path.substring(1) + (path.endsWith("/") ? "index.html" : "");
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".") || segment.indexOf('\\') >= 0) {
                return false;
            }
        }
        try {
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static void secure(Request request, Response response) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        // Not every browser includes the page's own WebSocket in 'self'.
        String sockets = host != null && HOST.matcher(host).matches() ? " ws://" + host + " wss://" + host : "";
        response.getHeaders()
                .put(
                        "Content-Security-Policy",
                        "default-src 'self'; connect-src 'self'" + sockets
                                + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
    }
}

package dev.chatlab.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The files of one folder, and nothing outside it: no dot-file, no link that leads out. Texts that no file can know beforehand
 * stand in for files.
 */
final class StaticFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("gif", "image/gif"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("md", "text/markdown; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"));

    /** What may stand in a policy: whatever else a Host header holds stays out of it. */
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");

    private final Path root;
    private final Map<String, String> texts;

    /** @param texts by the decoded path of the file that each stands in for, starting with a slash */
    StaticFiles(Path folder, Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
        try {
            this.root = folder.toRealPath();
        } catch (IOException e) {
            throw new StartException(folder + ": there is no such folder", e);
        }
        if (!Files.isDirectory(root)) {
            throw new StartException(folder + ": it is not a folder");
        }
    }

    /**
     * Serves one file.
     *
     * @param path the decoded path, starting with a slash
     */
    void handle(String path, Request request, Response response, Callback callback) throws IOException {
        secure(request, response);
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Replies.plain(response, 405, "Method not allowed\n", callback);
            return;
        }
        var text = texts.get(path);
        if (text != null) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            Replies.typed(response, 200, type(path), text, callback);
            return;
        }
        var found = find(path);
        if (found.isEmpty()) {
            Replies.plain(response, 404, "Not found\n", callback);
            return;
        }
        Path file = found.get();
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        String etag = "\"" + Long.toHexString(attributes.size()) + "-"
                + Long.toHexString(attributes.lastModifiedTime().toMillis()) + "\"";
        response.getHeaders().put(HttpHeader.ETAG, etag);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        if (matches(request.getHeaders().get(HttpHeader.IF_NONE_MATCH), etag)) {
            response.setStatus(304);
            response.write(true, null, callback);
            return;
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type(file.toString()));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, attributes.size());
        if (head) {
            response.write(true, null, callback);
        } else {
            Content.copy(Content.Source.from(file), response, callback);
        }
    }

    private Optional<Path> find(String path) {
        String name = path.substring(1);
        if (name.isEmpty() || name.endsWith("/")) {
            name += "index.html";
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".") || segment.indexOf('\\') >= 0) {
                return Optional.empty();
            }
        }
        try {
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String type(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String candidate : ifNoneMatch.split(",", -1)) {
            String tag = candidate.strip();
            if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static void secure(Request request, Response response) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        // Not every browser takes 'self' to mean the page's own WebSocket too.
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

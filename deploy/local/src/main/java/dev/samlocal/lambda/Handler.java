package dev.samlocal.lambda;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.JavaType;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.samlocal.template.StartException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;

/** A handler object of a function, with JSON in and JSON out. Events are read by the library that Lambda's Java runtime uses. */
final class Handler {

    /** Invokes the handler's method. */
    interface Call {
        byte[] invoke(byte[] event, Context context) throws Exception;
    }

    private Handler() {}

    /** The class of a handler, without its method. */
    static String className(String handler) {
        return handler.split("::", 2)[0];
    }

    /**
     * Creates the handler: with its environment where the class has a public constructor for a map and an environment is given,
     * else without arguments, as Lambda does.
     *
     * @throws StartException when the class is no handler or its constructor fails
     */
    static Call create(String handler, Class<?> type, Optional<Map<String, String>> environment) {
        String name = type.getName();
        if (!RequestHandler.class.isAssignableFrom(type) && !RequestStreamHandler.class.isAssignableFrom(type)) {
            throw new StartException(name + " implements neither RequestHandler nor RequestStreamHandler");
        }
        if (handler.contains("::") && !handler.endsWith("::handleRequest")) {
            throw new StartException("the method of a handler must be handleRequest, as its interface declares it");
        }
        try {
            var object = environment.isPresent() && takesEnvironment(type)
                    ? type.getConstructor(Map.class).newInstance(environment.get())
                    : type.getConstructor().newInstance();
            return object instanceof RequestStreamHandler streams
                    ? streamCall(streams)
                    : objectCall((RequestHandler<?, ?>) object);
        } catch (NoSuchMethodException e) {
            throw new StartException(name + " has no public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new StartException(name + " failed to start: " + e.getCause(), e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new StartException(name + " failed to start: " + e, e);
        }
    }

    /** Whether the class can take its environment variables as a map, instead of reading those of its process. */
    static boolean takesEnvironment(Class<?> type) {
        try {
            return type.getConstructor(Map.class) != null;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static Call streamCall(RequestStreamHandler handler) {
        return (event, context) -> {
            var out = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), out, context);
            return out.toByteArray();
        };
    }

    private static Call objectCall(RequestHandler<?, ?> handler) {
        JavaType[] types = JacksonFactory.getInstance()
                .getMapper()
                .getTypeFactory()
                .constructType(handler.getClass())
                .findTypeParameters(RequestHandler.class);
        var events = serializer(types, 0);
        var responses = serializer(types, 1);
        @SuppressWarnings("unchecked") // the serializer reads the type that the handler declares
        var typed = (RequestHandler<Object, Object>) handler;
        return (event, context) -> {
            var out = new ByteArrayOutputStream();
            responses.toJson(typed.handleRequest(events.fromJson(new ByteArrayInputStream(event)), context), out);
            return out.toByteArray();
        };
    }

    private static PojoSerializer<Object> serializer(JavaType[] types, int index) {
        // A raw RequestHandler has no type parameters.
        return JacksonFactory.getInstance().getSerializer(types.length > index ? (Type) types[index] : Object.class);
    }
}

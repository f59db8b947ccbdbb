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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A handler object of a function. Events are read by the library that Lambda's Java runtime uses. */
interface Handler {

    /** Invokes the handler with JSON, and returns JSON. */
    byte[] invoke(byte[] event, Context context) throws Exception;

    /** The class of a handler, without its method. */
    static String className(String handler) {
        return handler.split("::", 2)[0];
    }

    /**
     * Creates the handler: with its environment where one is given and the class takes it, else without arguments, as Lambda does.
     *
     * @throws StartException when the class is no handler or its constructor fails
     */
    static Handler create(String handler, Class<?> type, Optional<Map<String, String>> environment) {
        if (!RequestHandler.class.isAssignableFrom(type) && !RequestStreamHandler.class.isAssignableFrom(type)) {
            throw new StartException(type.getName() + " implements neither RequestHandler nor RequestStreamHandler");
        }
        if (handler.contains("::") && !handler.endsWith("::handleRequest")) {
            throw new StartException("the method of a handler must be handleRequest, as its interface declares it");
        }
        try {
            var object = environment.isPresent() && takesEnvironment(type)
                    ? type.getConstructor(Map.class).newInstance(environment.get())
                    : type.getConstructor().newInstance();
            return object instanceof RequestStreamHandler streams ? of(streams) : of((RequestHandler<?, ?>) object);
        } catch (InvocationTargetException e) {
            throw new StartException(type.getName() + " failed to start: " + e.getCause(), e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new StartException(type.getName() + " failed to start: " + e, e);
        }
    }

    /** Whether the class has a public constructor for its environment, instead of reading the variables of its process. */
    static boolean takesEnvironment(Class<?> type) {
        return Arrays.stream(type.getConstructors())
                .anyMatch(constructor -> Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Map.class}));
    }

    private static Handler of(RequestStreamHandler handler) {
        return (event, context) -> {
            var out = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), out, context);
            return out.toByteArray();
        };
    }

    private static Handler of(RequestHandler<?, ?> handler) {
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

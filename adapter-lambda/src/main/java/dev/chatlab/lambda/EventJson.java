package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;

/**
 * How Lambda reads events and writes answers: with the JSON library that frames are read with anyway. By itself it uses a databind of
 * its own, which a function would have to load for its first event and would use for nothing else.
 */
@SuppressWarnings("TypeParameterUnusedInFormals") // the interface has them so
public final class EventJson implements CustomPojoSerializer {

    /** API Gateway's events have fields, such as a disconnection's code, that the event class has not. */
    private static final JSON LENIENT = JSON.std.without(JSON.Feature.FAIL_ON_UNKNOWN_BEAN_PROPERTY);

    @Override
    public <T> T fromJson(InputStream input, Type type) {
        return read(input, type);
    }

    @Override
    public <T> T fromJson(String input, Type type) {
        return read(input, type);
    }

    @Override
    public <T> void toJson(T value, OutputStream output, Type type) {
        try {
            LENIENT.write(value, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // the type is T's
    private static <T> T read(Object input, Type type) {
        try {
            return LENIENT.beanFrom((Class<T>) type, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.chatlab.lambda.violation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.chatlab.inmemory.InMemoryChatStore;

/** Breaks the rules of the functions: it is not final, has no public constructor and knows a store. */
class OpenFunction implements RequestHandler<String, String> {

    private final InMemoryChatStore store;

    OpenFunction(InMemoryChatStore store) {
        this.store = store;
    }

    @Override
    public String handleRequest(String input, Context context) {
        return store.openRooms().mkString(input);
    }
}

package dev.chatlab.endtoend;

import dev.chatlab.testkit.protocol.ChatProtocolContract;
import java.net.URI;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The seven handlers behind the local API Gateway keep the contract of hosts. */
@ParameterizedClass
@EnumSource(names = {"MEMORY", "DYNAMODB"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalGatewayProtocolTest extends ChatProtocolContract {

    @Parameter
    private LocalChat.Store store;

    private LocalChat chat;

    @BeforeParameterizedClassInvocation
    void start() {
        chat = LocalChat.start(store);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        chat.close();
    }

    @Override
    protected URI endpoint() {
        return chat.socket();
    }

    /** API Gateway handles the frames of one connection in parallel. */
    @Override
    protected boolean promisesOrder() {
        return false;
    }
}

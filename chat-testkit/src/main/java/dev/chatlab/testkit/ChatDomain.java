package dev.chatlab.testkit;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import io.vavr.collection.Seq;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** For {@code @Domain(ChatDomain.class)}: gives properties their chats by type. */
public final class ChatDomain extends DomainContextBase {

    @Provide
    public Arbitrary<ChatPolicy> policies() {
        return ChatArbitraries.policies();
    }

    @Provide
    public Arbitrary<ChatCommand> commands() {
        return ChatArbitraries.commands();
    }

    @Provide
    public Arbitrary<Seq<ChatCommand>> conversations() {
        return ChatArbitraries.conversations();
    }

    @Provide
    public Arbitrary<Scenario> scenarios() {
        return ChatArbitraries.scenarios();
    }

    @Provide
    public Arbitrary<DecisionCase> decisionCases() {
        return ChatArbitraries.decisionCases();
    }
}

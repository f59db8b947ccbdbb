package dev.chatlab.testkit;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import io.vavr.collection.Seq;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * A jqwik domain context: {@code @Domain(ChatDomain.class)} on a test class provides the {@link ChatArbitraries} for parameters
 * annotated with {@code @ForAll}, by their type.
 */
public final class ChatDomain extends DomainContextBase {

    /** Provides {@link ChatArbitraries#policies()}. */
    @Provide
    public Arbitrary<ChatPolicy> policies() {
        return ChatArbitraries.policies();
    }

    /** Provides {@link ChatArbitraries#commands()}. */
    @Provide
    public Arbitrary<ChatCommand> commands() {
        return ChatArbitraries.commands();
    }

    /** Provides {@link ChatArbitraries#conversations()}. */
    @Provide
    public Arbitrary<Seq<ChatCommand>> conversations() {
        return ChatArbitraries.conversations();
    }

    /** Provides {@link ChatArbitraries#scenarios()}. */
    @Provide
    public Arbitrary<Scenario> scenarios() {
        return ChatArbitraries.scenarios();
    }

    /** Provides {@link ChatArbitraries#decisionCases()}. */
    @Provide
    public Arbitrary<DecisionCase> decisionCases() {
        return ChatArbitraries.decisionCases();
    }
}

package dev.chatlab.domain;

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
    public Arbitrary<World> worlds() {
        return ChatArbitraries.worlds();
    }

    @Provide
    public Arbitrary<Situation> situations() {
        return ChatArbitraries.situations();
    }
}

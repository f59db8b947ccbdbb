/** The ports of the chat: stores, gateway and event codec. */
module dev.chatlab.ports {
    requires transitive dev.chatlab.domain;
    requires static transitive org.jspecify;

    exports dev.chatlab.ports;
    exports dev.chatlab.ports.codec;
}

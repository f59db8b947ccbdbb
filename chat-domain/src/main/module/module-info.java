/** The chat domain: commands, events, state and rules, without I/O. */
module dev.chatlab.domain {
    requires transitive io.vavr;
    requires static transitive org.jspecify;
    requires static org.immutables.value.annotations;
    requires static java.compiler;

    exports dev.chatlab.domain;
}

package dev.chatlab.local;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The origins that a page of this gateway can have, serialised as a browser sends them (RFC 6454, section 6.2). */
final class Origins {
    private Origins() {}

    /** The loopback names, the given host, and if that means every address, this machine's addresses and its name. */
    static Set<String> at(String host, int port) {
        Set<String> hosts = new LinkedHashSet<>(Set.of("localhost", "127.0.0.1"));
        hosts.add(bracketed(host));
        try {
            if (InetAddress.getByName(host).isAnyLocalAddress()) {
                hosts.add(InetAddress.getLocalHost().getHostName());
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .map(address -> bracketed(address.getHostAddress()))
                        .forEach(hosts::add);
            }
        } catch (UnknownHostException | SocketException e) {
            // Then this machine has no other names to be found by.
        }
        Set<String> origins = new LinkedHashSet<>();
        hosts.forEach(each -> origins.add("http://" + each.toLowerCase(Locale.ROOT) + (port == 80 ? "" : ":" + port)));
        return origins;
    }

    /** An IPv6 address as it stands in a URL, which has no place for a scope. */
    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    }
}

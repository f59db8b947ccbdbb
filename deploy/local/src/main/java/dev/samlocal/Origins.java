package dev.samlocal;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The origins that a page served by this gateway can have, as browsers write them (RFC 6454, section 6.2). */
final class Origins {
    private Origins() {}

    /** The loopback names and the host; for a wildcard address, also this machine's name and addresses. */
    static String at(String host, int port) {
        Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1"));
        hosts.add(bracketed(host.toLowerCase(Locale.ROOT)));
        try {
            if (InetAddress.getByName(host).isAnyLocalAddress()) {
                hosts.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .forEach(address -> hosts.add(bracketed(address.getHostAddress())));
            }
        } catch (UnknownHostException | SocketException e) {
            // This machine has no other names.
        }
        String suffix = port == 80 ? "" : ":" + port;
        return hosts.stream().map(each -> "http://" + each + suffix).collect(Collectors.joining(","));
    }

    /** An IPv6 address in the form of a URL, without its scope. */
    static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    }
}

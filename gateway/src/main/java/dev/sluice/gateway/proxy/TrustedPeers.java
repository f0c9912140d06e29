package dev.sluice.gateway.proxy;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Peers whose forwarding headers are believed. */
final class TrustedPeers {
  private final List<IpSubnetFilterRule> rules;

  TrustedPeers(List<String> cidrs) {
    rules = cidrs.stream().map(TrustedPeers::rule).toList();
  }

  private static IpSubnetFilterRule rule(String cidr) {
    int slash = cidr.indexOf('/');
    return new IpSubnetFilterRule(
        cidr.substring(0, slash),
        Integer.parseInt(cidr.substring(slash + 1)),
        IpFilterRuleType.ACCEPT);
  }

  /**
   * The last address of X-Forwarded-For that is none of the trusted peers: what was written before
   * it may be the client's own invention.
   *
   * @param otherwise where there is none
   */
  InetAddress caller(List<String> forwardedFor, InetAddress otherwise) {
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    for (int i = hops.length - 1; i >= 0; i--) {
      InetAddress hop = address(hops[i].trim());
      if (hop == null) {
        return otherwise;
      }
      if (!contains(new InetSocketAddress(hop, 0))) {
        return hop;
      }
    }
    return otherwise;
  }

  private static @Nullable InetAddress address(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  boolean contains(InetSocketAddress peer) {
    return rules.stream().anyMatch(rule -> rule.matches(peer));
  }
}

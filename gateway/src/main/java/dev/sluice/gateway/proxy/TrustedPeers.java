package dev.sluice.gateway.proxy;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.util.List;

/** Peers whose forwarding headers are believed. */
final class TrustedPeers {
  private final List<String> cidrs;
  private final List<IpSubnetFilterRule> rules;

  TrustedPeers(List<String> cidrs) {
    this.cidrs = cidrs;
    rules = cidrs.stream().map(TrustedPeers::rule).toList();
  }

  private static IpSubnetFilterRule rule(String cidr) {
    int slash = cidr.indexOf('/');
    return new IpSubnetFilterRule(
        cidr.substring(0, slash),
        Integer.parseInt(cidr.substring(slash + 1)),
        IpFilterRuleType.ACCEPT);
  }

  /** Whether it was made of these very ranges; a reload brings another list. */
  @SuppressWarnings("ReferenceEquality")
  boolean of(List<String> ranges) {
    return cidrs == ranges;
  }

  boolean contains(InetSocketAddress peer) {
    return rules.stream().anyMatch(rule -> rule.matches(peer));
  }
}

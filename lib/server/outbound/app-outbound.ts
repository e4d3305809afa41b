import "server-only";

import type { Agent } from "undici";

import { env } from "@/lib/server/env";

import { createOutboundRules, type OutboundRules } from "./address-rules";
import { createOutboundAgent } from "./connector";
import type { EndpointHosts } from "./endpoint-hosts";

export type Outbound = {
  rules: OutboundRules;
  agent: Agent;
  endpointHosts: EndpointHosts;
};

let made: Outbound | undefined;

/** The guard as the settings want it, made on first use. */
export function appOutbound(): Outbound {
  if (made) return made;
  const { OUTBOUND_ALLOW, OUTBOUND_DENY, OUTBOUND_PORTS, ENDPOINT_HOSTS } =
    env();
  const rules = createOutboundRules({
    allow: OUTBOUND_ALLOW,
    deny: OUTBOUND_DENY,
    ports: OUTBOUND_PORTS,
  });
  return (made = {
    ...{ rules, agent: createOutboundAgent({ rules }) },
    endpointHosts: ENDPOINT_HOSTS,
  });
}

import "server-only";

import { hostnameOf, parseAddressList } from "./address-rules";

/** The hosts at which endpoints may be. */
export type EndpointHosts = {
  allows(url: URL): boolean;
};

/**
 * Reads host names (`ingest.example.com`, or `*.example.com` for all below
 * it), addresses and networks, separated by commas. Without any, endpoints may
 * be at every host. The other outbound rules hold beside it: a private address
 * is not allowed by being named here.
 *
 * An address counts where a URL writes it out; a name is not looked up.
 *
 * @throws {RangeError} naming the item that is none of them.
 */
export function parseEndpointHosts(text: string): EndpointHosts {
  if (text.trim() === "") return { allows: () => true };
  const list = parseAddressList(text);
  return {
    allows(url) {
      const host = hostnameOf(url);
      return list.hasHost(host) || list.hasAddress(host);
    },
  };
}

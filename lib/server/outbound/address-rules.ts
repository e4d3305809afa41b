import "server-only";

import { BlockList, isIP, isIPv6 } from "node:net";

/** Networks, addresses and host names that an operator listed. */
export type AddressList = {
  hasAddress(address: string): boolean;
  hasHost(hostname: string): boolean;
};

export type PortList = { has(port: number): boolean };

export type OutboundRules = {
  /**
   * Why nothing may be asked of a URL, as a sentence; undefined when a
   * connection may be tried. Looks no name up: that a name leads to a
   * forbidden address is found when the connection is made.
   */
  problemOf(url: URL): string | undefined;
  /** Whether a connection made for a host may lead to this address. What cannot be read may not. */
  permits(hostname: string, address: string): boolean;
};

/**
 * The IPv4 networks that are not public, by the special-purpose registry, and
 * a public address that means the inside of a cloud.
 */
const INSIDE_V4 = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
  192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24
  192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
  224.0.0.0/4 240.0.0.0/4 168.63.129.16`;

/**
 * IPv6 is the other way round: only this network is public, without the
 * exceptions. That leaves out every wrapper of an IPv4 address at one stroke.
 */
const PUBLIC_V6 = "2000::/3";
const INSIDE_V6 =
  "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20";

const insideV4 = networks(INSIDE_V4);
const insideV6 = networks(INSIDE_V6);
const publicV6 = networks(PUBLIC_V6);

/** Whether an address, written as a socket names it, belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  // An address with a zone (`fe80::1%eth0`) is a link's own.
  if (address.includes("%")) return false;
  const family = isIP(address);
  if (family === 4) return !insideV4.check(address, "ipv4");
  if (family !== 6) return false;
  return publicV6.check(address, "ipv6") && !insideV6.check(address, "ipv6");
}

/**
 * The rules that follow from the operator's lists. What is denied stays
 * denied, also when it is allowed too; the ports hold for all.
 */
export function createOutboundRules(lists: {
  allow: AddressList;
  deny: AddressList;
  ports: PortList;
}): OutboundRules {
  const { allow, deny, ports } = lists;

  function permits(hostname: string, address: string): boolean {
    if (deny.hasHost(hostname) || deny.hasAddress(address)) return false;
    return (
      allow.hasAddress(address) ||
      isPublicAddress(address) ||
      (allow.hasHost(hostname) && isIP(address) !== 0)
    );
  }

  function problemOf(url: URL): string | undefined {
    if (url.protocol !== "http:" && url.protocol !== "https:")
      return "Only http:// and https:// links are fetched.";
    if (url.username !== "" || url.password !== "")
      return "Links with a user name or a password are not fetched.";
    const hostname = hostnameOf(url);
    if (hostname === "") return "The link names no host.";
    const port = portOf(url);
    if (!ports.has(port))
      return `Port ${port} is not among the ports that links may use. An operator can add it to OUTBOUND_PORTS.`;
    if (deny.hasHost(hostname)) return "The operator does not allow this host.";
    if (isIP(hostname) !== 0 && !permits(hostname, hostname))
      return "The address is not public. An operator can allow it with OUTBOUND_ALLOW.";
    return undefined;
  }

  return { problemOf, permits };
}

/** The host of a URL without the brackets of an IPv6 address and without a last dot; lower case. */
export function hostnameOf(url: URL): string {
  return plainHost(url.hostname);
}

/** The port of a URL, the scheme's own where it names none. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/**
 * Reads networks (`10.0.0.0/8`), addresses and host names (`pim.example.com`,
 * or `*.example.com` for all below it), separated by commas.
 *
 * @throws {RangeError} naming the item that is none of them.
 */
export function parseAddressList(text: string): AddressList {
  const addresses = new BlockList();
  const hosts = new Set<string>();
  const parents: string[] = [];
  for (const item of itemsOf(text)) {
    if (addNetwork(addresses, item)) continue;
    const host = readHost(item.replace(/^\*\./, ""));
    if (host === undefined)
      throw new RangeError(
        `"${item}" is no network, address or host name. Write them like 10.1.0.0/16, 10.1.2.3, pim.example.com or *.example.com, separated by commas.`,
      );
    if (item.startsWith("*.")) parents.push(`.${host}`);
    else hosts.add(host);
  }
  return {
    hasAddress(address) {
      const family = address.includes("%") ? 0 : isIP(address);
      if (family === 0) return false;
      return addresses.check(address, family === 6 ? "ipv6" : "ipv4");
    },
    hasHost(hostname) {
      const host = plainHost(hostname);
      return hosts.has(host) || parents.some((end) => host.endsWith(end));
    },
  };
}

/**
 * Reads ports and ranges of ports (`8000-8100`), separated by commas.
 *
 * @throws {RangeError} naming the item that is neither, or that nothing is there.
 */
export function parsePortList(text: string): PortList {
  const ranges = itemsOf(text).map((item) => {
    const [, first = "", last = first] =
      /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item) ?? [];
    const range = { first: Number(first), last: Number(last) };
    if (first === "" || range.first < 1 || range.last > 65_535)
      throw new RangeError(
        `"${item}" is no port. Write ports from 1 to 65535, or ranges like 8000-8100, separated by commas.`,
      );
    if (range.first > range.last)
      throw new RangeError(
        `The range "${item}" ends before it begins. Write the lower port first.`,
      );
    return range;
  });
  if (ranges.length === 0)
    throw new RangeError("No port is named. Write at least one, such as 443.");
  return {
    has: (port) =>
      ranges.some(({ first, last }) => port >= first && port <= last),
  };
}

function networks(text: string): BlockList {
  const list = new BlockList();
  for (const item of text.trim().split(/\s+/)) addNetwork(list, item);
  return list;
}

/** False when the text is no network and no address. */
function addNetwork(list: BlockList, text: string): boolean {
  const [address = "", prefix, more] = text.split("/");
  if (address.includes("%") || isIP(address) === 0 || more !== undefined)
    return false;
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  if (prefix === undefined) {
    list.addAddress(address, family);
    return true;
  }
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
  if (bits > (family === "ipv6" ? 128 : 32)) return false;
  list.addSubnet(address, bits, family);
  return true;
}

/** A host name as URLs have it; undefined when the text is none. */
function readHost(text: string): string | undefined {
  if (/[\s/?#@:*\\[\]]/.test(text) || !URL.canParse(`http://${text}`))
    return undefined;
  const host = hostnameOf(new URL(`http://${text}`));
  // What turns into an address, such as `10.1` or `0x7f.1`, was meant as one.
  return host === "" || isIP(host) !== 0 ? undefined : host;
}

function plainHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function itemsOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

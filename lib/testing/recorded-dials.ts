import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";

export type Dial = { address: string; port: number };

export type RecordedDials = {
  /** Every TCP connection that was tried, in order. */
  readonly dials: Dial[];
  /** How many connections the trap took: those to addresses without a route. */
  readonly trapped: number;
  readonly trapPort: number;
  /** Leads `address:port` to a local port; code under test sees `seenAs` as the address it reached. */
  route(
    address: string,
    port: number,
    localPort: number,
    seenAs?: string,
  ): void;
  forget(): void;
  stop(): Promise<void>;
};

type Connect = (
  this: TcpHandle,
  request: unknown,
  address: string,
  port: number,
) => number;

type TcpHandle = {
  connect: Connect;
  connect6: Connect;
  getpeername: (this: TcpHandle, out: object) => number;
};

/**
 * Records all TCP connections of this process at the lowest layer that
 * JavaScript has, and makes each on loopback instead: to its route, or to a
 * trap. Code under test sees the addresses that it dialled.
 */
export async function recordDials(): Promise<RecordedDials> {
  const handles = tcpHandles();
  const original = {
    connect: handles.connect,
    connect6: handles.connect6,
    getpeername: handles.getpeername,
  };
  const dialled = new WeakMap<TcpHandle, Dial>();
  const routes = new Map<string, { localPort: number; seenAs: string }>();
  let dials: Dial[] = [];
  let trapped = 0;
  const caught = new Set<Socket>();
  const trap = createServer((socket) => {
    trapped += 1;
    caught.add(socket);
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nSECRET");
  });
  await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
  const trapPort = portOf(trap);

  function record(
    this: TcpHandle,
    request: unknown,
    address: string,
    port: number,
  ): number {
    dials.push({ address, port });
    const { localPort, seenAs } = routes.get(`${address}:${port}`) ?? {
      localPort: trapPort,
      seenAs: address,
    };
    dialled.set(this, { address: seenAs, port });
    return original.connect.call(this, request, "127.0.0.1", localPort);
  }
  handles.connect = record;
  handles.connect6 = record;
  handles.getpeername = function (out) {
    const result = original.getpeername.call(this, out);
    const dial = dialled.get(this);
    if (dial)
      Object.assign(out, dial, {
        family: dial.address.includes(":") ? "IPv6" : "IPv4",
      });
    return result;
  };

  return {
    get dials() {
      return dials;
    },
    get trapped() {
      return trapped;
    },
    trapPort,
    route(address, port, localPort, seenAs = address) {
      routes.set(`${address}:${port}`, { localPort, seenAs });
    },
    forget() {
      dials = [];
      trapped = 0;
      routes.clear();
    },
    async stop() {
      Object.assign(handles, original);
      for (const socket of caught) socket.destroy();
      await new Promise((resolve) => trap.close(resolve));
    },
  };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function tcpHandles(): TcpHandle {
  const internals = process as unknown as {
    binding(name: "tcp_wrap"): { TCP: { prototype: TcpHandle } };
  };
  return internals.binding("tcp_wrap").TCP.prototype;
}

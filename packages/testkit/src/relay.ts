/**
 * A relay between two ends of a link that stores every byte, in clear: on the courier's Unix socket as it is, on the
 * hub's port by ending TLS on both sides with the keys of a test's own hub and courier.
 */
import net from "node:net";
import tls from "node:tls";

export interface Relay {
  /** Every byte so far, one buffer a connection and direction. */
  bytes(): Buffer[];
  readonly port: number; // 0 on a Unix socket
  close(): Promise<void>;
}

/** Relays a Unix socket. @param from path to listen on. @param to path of the keeper's socket. */
export function relaySocket(from: string, to: string): Promise<Relay> {
  return listen(net.createServer(), { path: from }, () => net.connect({ path: to }));
}

export interface TlsEnds {
  /** The hub's side: PEM key and certificate chain; and the CA that signs couriers. */
  readonly hub: { readonly key: string; readonly cert: string; readonly ca: string };
  /** The courier's key and certificate; null before it is enrolled. */
  readonly courier: () => { readonly key: string; readonly cert: string } | null;
}

/** Relays the hub's port. @param to the hub's real gRPC port on 127.0.0.1. */
export function relayTls(to: number, ends: TlsEnds): Promise<Relay> {
  const { key, cert, ca } = ends.hub;
  const server = tls.createServer({
    key,
    cert,
    ca,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["h2"],
  });
  return listen(server, { port: 0, host: "127.0.0.1" }, () =>
    tls.connect({
      port: to,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      ALPNProtocols: ["h2"],
      ...ends.courier(),
    }),
  );
}

async function listen(server: net.Server, where: net.ListenOptions, dial: () => net.Socket): Promise<Relay> {
  const kept: Buffer[][] = [];
  const open = new Set<net.Socket>();
  const record = (from: net.Socket, to: net.Socket): void => {
    const direction: Buffer[] = [];
    kept.push(direction);
    open.add(from);
    from.on("data", (chunk) => direction.push(chunk));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  };
  server.on(server instanceof tls.Server ? "secureConnection" : "connection", (near: net.Socket) => {
    const far = dial();
    record(near, far);
    record(far, near);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(where, resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    bytes: () => kept.map((direction) => Buffer.concat(direction)),
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The gRPC messages in one direction of a connection: HTTP/2 DATA frames (RFC 9113, section 4.1) put together by stream. */
export function grpcMessages(bytes: Buffer): Buffer[] {
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  let at = bytes.subarray(0, preface.length).toString("latin1") === preface ? preface.length : 0;
  const streams = new Map<number, Buffer[]>();
  while (at + 9 <= bytes.length) {
    const length = bytes.readUIntBE(at, 3);
    const [type, flags] = [bytes[at + 3], bytes[at + 4] ?? 0];
    const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
    const payload = bytes.subarray(at + 9, at + 9 + length);
    if (type === 0)
      streams.set(stream, [...(streams.get(stream) ?? []), flags & 8 ? unpadded(payload) : payload]);
    at += 9 + length;
  }
  return [...streams.values()].flatMap((parts) => split(Buffer.concat(parts)));
}

function unpadded(payload: Buffer): Buffer {
  return payload.subarray(1, payload.length - (payload[0] ?? 0));
}

/** Splits a stream into messages: one byte (compressed or not), four of length, then the message. */
function split(stream: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= stream.length; at += 5 + stream.readUInt32BE(at + 1)) {
    if (stream[at] !== 0) throw new Error("a message is compressed: the relay cannot read it");
    messages.push(stream.subarray(at + 5, at + 5 + stream.readUInt32BE(at + 1)));
  }
  return messages;
}

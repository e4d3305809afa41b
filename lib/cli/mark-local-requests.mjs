import { Server } from "node:http";

// Preloaded into the Studio's process: a browser on this very machine may create
// the first account without the code, and only here is the connection at hand.
// The header's value is the code itself, so that nobody can make it up.
const HEADER = "x-studio-setup-code";
const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
const PROXIED = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

const { SETUP_CODE, PUBLIC_URL } = process.env;
const { emit } = Server.prototype;

Server.prototype.emit = function (event, ...args) {
  if (event === "request") mark(args[0]);
  return emit.call(this, event, ...args);
};

function mark({ headers, socket }) {
  delete headers[HEADER];
  const isLocal =
    !PUBLIC_URL &&
    LOOPBACK.test(socket.remoteAddress ?? "") &&
    LOCAL_HOST.test(headers.host ?? "") &&
    !PROXIED.some((name) => name in headers);
  if (isLocal && SETUP_CODE) headers[HEADER] = SETUP_CODE;
}

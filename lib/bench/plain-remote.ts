import { createServer } from "node:http";

// A remote that costs next to nothing: reads bodies to their end, and accepts.
const token = JSON.stringify({
  result: { accessToken: "plain", expiresIn: 3_600, tokenType: "Bearer" },
});

createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => {
    const isToken = incoming.url === "/dataProviders/tokens";
    outgoing.writeHead(incoming.method === "GET" || isToken ? 200 : 202, {
      "content-type": "application/json",
    });
    outgoing.end(isToken ? token : "{}");
  });
}).listen(Number(process.env.PLAIN_PORT), "127.0.0.1");

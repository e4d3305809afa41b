/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  agentRules: false,
  // `npm run types` checks them; an installation only has to build.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: [
    ...["pg", "pino", "@node-rs/argon2", "sharp", "mediainfo.js", "undici"],
    ...["@aws-sdk/client-s3", "@aws-sdk/lib-storage"],
  ],
  headers: () =>
    Promise.resolve([
      {
        source: "/:path*",
        headers: [
          { key: "x-content-type-options", value: "nosniff" },
          { key: "referrer-policy", value: "same-origin" },
          { key: "x-frame-options", value: "DENY" },
          {
            key: "permissions-policy",
            value: "camera=(), geolocation=(), microphone=(), payment=()",
          },
        ],
      },
      {
        // Pages get theirs, with a nonce, from proxy.ts.
        source: "/api/:path*",
        headers: [
          {
            key: "content-security-policy",
            value: "default-src 'none'; frame-ancestors 'none'",
          },
        ],
      },
    ]),
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  agentRules: false,
  images: { unoptimized: true },
  serverExternalPackages: ["pg", "pino", "@node-rs/argon2"],
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};

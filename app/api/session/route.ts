import { studioRoute } from "@/lib/server/studio-route";

/** Whether the cookie still is a session: 200 or 401. */
export const GET = studioRoute(({ ctx }) =>
  Promise.resolve({ actor: ctx.actor }),
);

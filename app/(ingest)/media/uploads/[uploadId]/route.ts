import { appWireApi } from "@/lib/server/wire/app-wire-api";
import { peerOf, wireMethodNotAllowed } from "@/lib/server/wire-route";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> =>
  appWireApi().getUpload(request, peerOf(request));

const notAllowed = (request: Request): Promise<Response> =>
  wireMethodNotAllowed("GET")(request);

export {
  notAllowed as DELETE,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as POST,
  notAllowed as PUT,
};

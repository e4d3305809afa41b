import { appWireApi } from "@/lib/server/wire/app-wire-api";
import { peerOf, wireMethodNotAllowed } from "@/lib/server/wire-route";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> =>
  appWireApi().getFile(request, peerOf(request));

export const DELETE = (request: Request): Promise<Response> =>
  appWireApi().deleteFile(request, peerOf(request));

const notAllowed = (request: Request): Promise<Response> =>
  wireMethodNotAllowed("GET, DELETE")(request);

export {
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as POST,
  notAllowed as PUT,
};

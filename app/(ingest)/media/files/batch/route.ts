import { appWireApi } from "@/lib/server/wire/app-wire-api";
import { peerOf, wireMethodNotAllowed } from "@/lib/server/wire-route";

export const dynamic = "force-dynamic";

export const POST = (request: Request): Promise<Response> =>
  appWireApi().postFileBatch(request, peerOf(request));

const notAllowed = (request: Request): Promise<Response> =>
  wireMethodNotAllowed("POST")(request);

export {
  notAllowed as DELETE,
  notAllowed as GET,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as PUT,
};

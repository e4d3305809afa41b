import { appWireApi } from "@/lib/server/wire/app-wire-api";
import { peerOf } from "@/lib/server/wire-route";

export const dynamic = "force-dynamic";

const answer = (request: Request): Promise<Response> =>
  appWireApi().uploadFiles(request, peerOf(request));

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};

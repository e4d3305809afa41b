import { openApiResponse } from "@/lib/server/wire/openapi-response";

export const dynamic = "force-dynamic";

export function GET(request: Request): Response {
  return openApiResponse(request);
}

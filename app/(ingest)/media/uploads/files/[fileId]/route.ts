export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "../route";

export const dynamic = "force-dynamic";

import { BearerToken } from "../../grpc/mod.ts";
import { type HttpRoute, type HttpRoutes, jsonResponse } from "../component/mod.ts";

/** Who may ask over HTTP. */
export interface ApiAccess {
  /** Token that requests must carry. */
  readonly token: string | undefined;
  /** Whether anybody may ask where there is no token: only this machine can, or the user allows it. */
  readonly isOpen: boolean;
}

/**
 * The same paths, those below `/api/` for those who may ask: with a token whoever sends it; without one everybody where
 * the API is open, and nobody where it is not. A client's certificate, which gRPC asks for, is not
 * asked for over HTTP, so that it does not stand in for the token there.
 */
export function guarded(routes: HttpRoutes, { token, isOpen }: ApiAccess): HttpRoutes {
  if (token === undefined && isOpen) return routes;
  const refusal = token === undefined ? closed : tokenCheck(new BearerToken(token));
  const guard = (route: HttpRoute): HttpRoute => (request) => refusal(request) ?? route(request);
  return Object.fromEntries(
    Object.entries(routes).map(([path, route]) => [
      path,
      path.startsWith("/api/") ? guard(route) : route,
    ]),
  );
}

function closed(): Response {
  const error = "this path is open to other machines only with a token: set AUTH_TOKEN_FILE, or " +
    "ALLOW_INSECURE=true to answer anyone";
  return jsonResponse(403, { error });
}

function tokenCheck(token: BearerToken): (request: Request) => Response | undefined {
  return (request) => {
    const [scheme = "", sent = ""] = (request.headers.get("authorization") ?? "").split(" ", 2);
    if (scheme.toLowerCase() === "bearer" && token.equals(sent)) return undefined;
    const error = scheme === ""
      ? 'this path asks for a token: send the header "Authorization: Bearer …"'
      : "the token of the request is not the server's";
    return jsonResponse(401, { error }, { "www-authenticate": 'Bearer realm="flowctl"' });
  };
}

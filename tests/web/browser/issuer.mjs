// A whole OpenID Connect issuer on a port of its own, for one test: oidc-provider with its own pages to sign in, consent
// and sign out. It knows `anna`, of a region, and `niemand`, who has no role; any password will do. Prints its URL.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const PEOPLE = {
  anna: { name: "Anna de Vries", role: "region", organisation: "00000000-0000-0000-0000-000000000007", region: "JZ03" },
  niemand: { name: "Niemand" },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: "wijzer",
        token_endpoint_auth_method: "none",
        application_type: "native", // of these a loopback address may have any port (RFC 8252, 7.3)
        redirect_uris: ["http://127.0.0.1/aanmelden/terug"],
        post_logout_redirect_uris: ["http://127.0.0.1/aanmelden"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name"], jeugd: ["role", "organisation", "region"] },
    scopes: ["openid", "profile", "jeugd"],
    findAccount: (_, id) => PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    cookies: { keys: ["of this test alone"] },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  console.log(url);
});

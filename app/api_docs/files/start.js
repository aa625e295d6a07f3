// Shows the API description, and in demo mode gets a token of a demo client and sends it along.
"use strict";

let token = null;

window.ui = SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  requestInterceptor(request) {
    if (token && !request.loadSpec && !request.headers.Authorization) {
      request.headers.Authorization = `Bearer ${token}`;
    }
    return request;
  },
});

async function tokenOf(client) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: client, client_secret: "demo" });
  const answer = await fetch("/v1/oauth/token", { method: "POST", body: form });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.detail || `status ${answer.status}`);
  return content;
}

const demo = document.getElementById("demo");
if (demo) {
  const client = document.getElementById("client");
  const said = document.getElementById("said");
  client.addEventListener("change", () => {
    said.textContent = token ? "The token is still the former one's: get another." : said.textContent;
  });
  demo.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "…";
    try {
      const { access_token, expires_in } = await tokenOf(client.value);
      token = access_token;
      said.textContent = `You are ${client.value} for ${Math.round(expires_in / 60)} minutes: open an operation and press Execute.`;
    } catch (error) {
      token = null;
      said.textContent = `No token: ${error.message}. Was the demo data loaded?`;
    }
  });
}

// What HTML and htmx cannot, on every page: the banner of a lost connection, and the service worker.
const banner = document.getElementById("verbinding");

export function connected(isConnected) {
  const words = isConnected ? "" : `Geen verbinding; stand van ${document.body.dataset.at}`;
  if (banner.textContent !== words) banner.textContent = words;
  banner.hidden = isConnected;
}

addEventListener("offline", () => connected(false));
addEventListener("online", () => connected(true));
connected(navigator.onLine);

if ("serviceWorker" in navigator && isSecureContext) {
  // Whoever leaves the page meanwhile breaks this off, and the next page does it.
  navigator.serviceWorker.register(`/sw.js?${document.body.dataset.version}`).catch(() => {});
}

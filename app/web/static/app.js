// What HTML and htmx cannot: the banner of a lost connection, and the service worker.
const banner = document.getElementById("verbinding");

export function connected(isConnected) {
  banner.hidden = isConnected;
  banner.textContent = isConnected ? "" : `Geen verbinding; stand van ${document.body.dataset.at}`;
}

addEventListener("offline", () => connected(false));
addEventListener("online", () => connected(true));
connected(navigator.onLine);

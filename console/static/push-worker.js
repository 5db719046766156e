// Shows one fixed sentence for every push; a push carries nothing. The words are those of safety_content/staff_page.yml.
const SENTENCES = { en: "Someone is waiting.", es: "Alguien espera." };
const language = new URL(self.location.href).searchParams.get("lang");

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const options = { tag: "page", renotify: true, requireInteraction: true, lang: language };
  event.waitUntil(self.registration.showNotification(SENTENCES[language] ?? SENTENCES.en, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/waiting"));
});

// What a pupil's page does more where there are scripts: it reads itself aloud, and is left without a trace behind "Back".

// The page that is left gives its place in the browser's history to the one that is shown instead. A plain link does without
// this, and so does who opens it beside, in a tab of its own.
const exit = document.querySelector("[data-exit]");
exit?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  location.replace(exit.href);
});

// Reads a pupil's page aloud, where the device itself has a voice of the page's language. Nothing is sent and nothing is kept;
// without it, or without such a voice, the page is as it was.

const button = document.querySelector("[data-read-aloud]");
const speech = window.speechSynthesis;

if (button && speech) {
  const language = document.documentElement.lang.slice(0, 2);
  // A voice that isn't on the device would send the page's words away.
  const voice = () => speech.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(language));
  const offer = () => { button.hidden = !voice(); };
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => {
    const isReading = speech.speaking;
    speech.cancel();
    if (isReading) return;
    for (const part of document.querySelectorAll("[data-read]")) {
      const words = new SpeechSynthesisUtterance(part.textContent.trim());
      words.voice = voice();
      words.lang = words.voice.lang;
      speech.speak(words);
    }
  });
  // The next page, or the next pupil, begins in silence.
  addEventListener("pagehide", () => speech.cancel());
}

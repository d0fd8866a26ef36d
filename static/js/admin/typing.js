// Keeps what is typed, so that a browser that dies loses ten seconds of it at the most; tells who
// else is at the same form; warns before a page with unsaved typing is left.
const EVERY = 10_000;
const BEAT = 30_000;
const PATIENCE = 8_000;

const box = document.getElementById("typing");
const form = box.closest("form");
const others = document.getElementById("others");
const note = document.getElementById("kept");

const filled = () => new URLSearchParams(new FormData(form)).toString();
const value = name => form.elements[name].value;

const isUnsaved = box.dataset.unsaved === "true";
const saved = filled();
let kept = isUnsaved ? null : saved;
let beaten = 0;
let sending = null;
let isLeaving = false;

const hasUnsaved = () => isUnsaved || filled() !== saved;

function whatToSend(now) {
  if (now === kept) {
    return new URLSearchParams({
      csrfmiddlewaretoken: value("csrfmiddlewaretoken"), edition: value("edition"), beat: "on",
    });
  }
  const sent = new URLSearchParams(now);
  if (now === saved && !isUnsaved) sent.set("same", "on");
  return sent;
}

async function send(now) {
  const options = { method: "POST", body: whatToSend(now), signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(box.dataset.keep, options);
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  show(await answer.json(), now);
}

function show(answer, now) {
  others.textContent = answer.others.length ? `Also being edited by ${answer.others.join(", ")}.` : "";
  if (answer.edition > Number(value("edition"))) {
    others.textContent += " Someone has saved a newer text: saving will show both.";
  }
  if (now !== kept) {
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    note.textContent = now === saved ? "" : `Not saved yet; kept at ${at}.`;
  }
  kept = now;
}

async function keep() {
  const now = filled();
  const isDue = now !== kept || Date.now() - beaten >= BEAT;
  if (sending || isLeaving || !isDue) return;
  beaten = Date.now();
  sending = send(now).catch(() => {
    note.textContent = "What you type cannot be kept now: the server does not answer. Do not close "
      + "this page; it is tried again.";
  });
  await sending;
  sending = null;
}

form.addEventListener("submit", event => {
  isLeaving = true;
  if (!sending) return;
  // What is on its way must not arrive after the save that it belongs before.
  event.preventDefault();
  const { submitter } = event;
  sending.then(() => form.requestSubmit(submitter));
});
window.addEventListener("beforeunload", event => {
  if (!isLeaving && hasUnsaved()) event.preventDefault();
});
window.addEventListener("pageshow", event => { if (event.persisted) isLeaving = false; });
document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
setInterval(keep, EVERY);
keep();

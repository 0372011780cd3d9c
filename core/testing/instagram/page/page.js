// The page on which a person plays the contact: asks /fake/… what there is and tells it what the person does.
"use strict";

const $ = (id) => document.getElementById(id);
const view = { version: 0, state: null, thread: null, drawn: "" };

function el(tag, props = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...inside.filter((x) => x !== null && x !== undefined));
  return made;
}

async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, init);
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error.message);
  return data;
}

let toastTimer = 0;
function toast(words) {
  $("toast").textContent = words;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").textContent = ""; }, 6000);
}

async function act(name, body = {}) {
  try {
    return await ask(name.startsWith("/") ? name : "/fake/" + name, body);
  } catch (e) {
    toast(e.message);
    return null;
  } finally {
    await refresh();
  }
}

const who = () => ({ person: $("person").value, account: $("account").value });
const clock = (ms) => new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

// ---------------------------------------------------------------- choosing

function options(select, rows, wanted) {
  const before = wanted ?? select.value;
  const same = select.length === rows.length && rows.every(([value, text], i) => select[i].value === value && select[i].text === text);
  if (!same) select.replaceChildren(...rows.map(([value, text]) => new Option(text, value)));
  if (rows.some(([value]) => value === before)) select.value = before;
}

function drawState() {
  const s = view.state;
  options($("account"), s.accounts.map((a) => [a.username, "@" + a.username]), $("account").value || localStorage.account);
  const people = s.people.map((p) => [p.username, "@" + p.username]);
  options($("person"), people, $("person").value || localStorage.person);
  const owner = s.accounts.find((a) => a.username === $("account").value);
  const posts = s.media.filter((m) => owner && m.ig_id === owner.igId && m.product !== "STORY");
  options($("media"), posts.map((m) => [m.id, `${m.product === "LIVE" ? (m.live ? "live now" : "live, ended") : m.product.toLowerCase()}: ${m.caption || m.id}`]));
  $("now").textContent = new Date(s.clock.now).toLocaleString() + (s.clock.offsetMs ? ` (${(s.clock.offsetMs / 3600000).toFixed(1)} h ahead)` : "");
  const hook = s.webhook;
  $("hook").textContent = !hook.url ? "No webhook address is set." : `Webhooks go to ${hook.url}${hook.on ? "" : " (switched off after failing)"}${hook.pending ? `, ${hook.pending} waiting` : ""}.`;
}

// ---------------------------------------------------------------- the thread

function bubble(m) {
  if (m.state === "deleted") return el("div", { className: "bubble gone", textContent: "unsent" });
  const out = [];
  if (m.comment_id) out.push(el("small", { textContent: "about your comment" }));
  const story = m.body.reply_to && m.body.reply_to.story;
  if (story) out.push(el("small", { textContent: "reply to a story" }));
  if (m.body.text) out.push(el("div", { className: "bubble", textContent: m.body.text }));
  for (const a of m.body.attachments || []) out.push(attachment(a, m));
  return out;
}

function attachment(a, m) {
  if (a.type !== "template") {
    const words = { like_heart: "♥", story_mention: "mentioned the account in a story", ephemeral: "a photo to view once" };
    return el("div", { className: "bubble", textContent: words[a.type] || `${a.type}: ${a.payload.url || a.payload.attachment_id || a.payload.id || ""}` });
  }
  const p = a.payload;
  const elements = p.elements || [{ title: p.text, buttons: p.buttons }];
  return el("div", { className: "cards", tabIndex: elements.length > 1 ? 0 : -1, role: "group", ariaLabel: "Cards" }, ...elements.map((e) => card(e, m)));
}

function card(e, m) {
  const picture = e.image_url ? el("div", { className: "picture", textContent: e.image_url }) : null;
  const text = el("div", { className: "text" }, e.title || "", e.subtitle ? el("small", { textContent: e.subtitle }) : null);
  return el("div", { className: "card" }, picture, text, ...(e.buttons || []).map((b) => button(b, m.mid)));
}

function button(b, mid) {
  if (b.type === "web_url") return el("a", { href: b.url, target: "_blank", rel: "noopener noreferrer", textContent: b.title + " ↗" });
  return el("button", { type: "button", textContent: b.title, onclick: () => act("tap", { ...who(), what: b.payload, mid }) });
}

function line(m) {
  const mine = m.by === "person";
  const by = { api: "InstaFlow", app: "typed in the app", other: "another application" }[m.by];
  const meta = el("div", { className: "meta" }, clock(m.at));
  if (by) meta.append(el("span", { textContent: by }));
  if (m.edits) meta.append("edited");
  if (m.reaction) meta.append(el("span", { textContent: m.reaction }));
  if (m.state === "ok" && mine) meta.append(el("button", { type: "button", textContent: "Unsend", onclick: () => act("unsend", { ...who(), mid: m.mid }) }));
  if (!mine) {
    const on = Boolean(m.reaction);
    meta.append(el("button", { type: "button", textContent: on ? "Take ♥ back" : "♥", ariaLabel: on ? "Take the reaction back" : "React with a heart", onclick: () => act("react", { ...who(), mid: m.mid, emoji: on ? "" : "❤️" }) }));
  }
  return el("li", { className: mine ? "me" : "them" }, ...[bubble(m)].flat(), meta);
}

function drawThread() {
  const t = view.thread;
  $("title").textContent = "@" + t.account;
  $("face").textContent = t.account[0];
  $("igsid").textContent = `you are @${t.person}, ${t.igsid} here${t.consent ? "" : " · profile not readable yet"}`;
  $("igsid").title = t.igsid;
  $("block").setAttribute("aria-pressed", String(t.blocked));
  const owner = view.state.accounts.find((a) => a.username === t.account);
  const me = view.state.people.find((p) => p.username === t.person);
  $("follow").setAttribute("aria-pressed", String(Boolean(me && owner && me.follows.includes(owner.igId))));
  const drawn = JSON.stringify([t.messages, t.buttons, t.typing]);
  if (drawn !== view.drawn) {
    view.drawn = drawn;
    const rows = t.messages.map(line);
    if (!rows.length) rows.push(el("li", { className: "empty", textContent: "No messages yet. Write one, or comment on a post." }));
    if (t.typing) rows.push(el("li", { className: "them" }, el("div", { className: "bubble", textContent: "…", ariaLabel: "typing" })));
    $("thread").replaceChildren(...rows);
    drawChips(t);
    $("thread").scrollTop = $("thread").scrollHeight;
  }
  drawComments(t);
  drawWindow();
}

function drawChips(t) {
  const shown = t.buttons.filter((b) => b.kind === "quick_reply" || b.kind === "menu" || (b.kind === "ice_breaker" && !t.messages.length));
  const words = { user_email: "your e-mail", user_phone_number: "your phone number" };
  $("chips").replaceChildren(...shown.map((b) => b.type === "web_url"
    ? button(b, "")
    : el("button", { type: "button", className: b.kind === "quick_reply" ? "" : "breaker", textContent: words[b.title] || b.title, onclick: () => act("tap", { ...who(), what: b.payload, mid: b.mid }) })));
}

function drawComments(t) {
  const rows = t.comments.filter((c) => c.media_id === $("media").value).map((c) =>
    el("li", { className: c.parent_id ? "under" : "" }, el("strong", { textContent: "@" + (c.username || t.account) + " " }), c.text, c.hidden ? " (hidden)" : ""));
  $("comments").replaceChildren(...(rows.length ? rows : [el("li", { className: "none", textContent: "No comments here yet." })]));
}

function drawWindow() {
  const t = view.thread;
  const box = $("window");
  const left = t && t.windowEndsAt ? t.windowEndsAt - (Date.now() + view.state.clock.offsetMs) : 0;
  const before = box.textContent;
  const words = !t || !t.windowEndsAt ? "window not opened" : left <= 0 ? "window closed" : `window ${Math.floor(left / 3600000)} h ${String(Math.floor(left / 60000) % 60).padStart(2, "0")} min`;
  box.className = "window " + (left <= 0 ? "shut" : left < 3600000 ? "soon" : "open");
  if (words !== before) box.textContent = words;
}

function drawErrors(calls) {
  const rows = calls.slice(-30).reverse().map((c) => el("li", {},
    el("code", { textContent: c.code ? `${c.code}${c.subcode ? "/" + c.subcode : ""}` : "no answer" }), " " + c.message, el("small", { textContent: ` ${clock(c.at_ns / 1e6)} ${c.method} ${c.path.split("/").pop()}` })));
  $("errors").replaceChildren(...(rows.length ? rows : [el("li", { className: "none", textContent: "Nothing so far." })]));
}

// ---------------------------------------------------------------- the round

async function refresh() {
  view.state = await ask("/fake/state");
  drawState();
  if (!$("account").value || !$("person").value) return;
  localStorage.account = $("account").value;
  localStorage.person = $("person").value;
  const { person, account } = who();
  view.thread = await ask(`/fake/thread?person=${encodeURIComponent(person)}&account=${encodeURIComponent(account)}`);
  drawThread();
  drawErrors((await ask("/fake/log?errors=1")).calls);
  const unseen = view.thread.messages.filter((m) => m.by !== "person" && !m.seen && m.state === "ok");
  if (unseen.length && $("seen").checked && document.visibilityState === "visible") {
    await ask("/fake/read", { ...who(), mid: unseen.at(-1).mid }).catch(() => {});
  }
}

async function follow() {
  for (;;) {
    try {
      const { version } = await ask(`/fake/changes?after=${view.version}&wait=20`);
      if (version !== view.version) { view.version = version; await refresh(); }
    } catch {
      $("hook").textContent = "The fake Instagram does not answer. Is it still running?";
      await new Promise((go) => setTimeout(go, 2000));
    }
  }
}

function submits(id, action) {
  $(id).addEventListener("submit", async (event) => { event.preventDefault(); await action(); });
}

const taken = (id) => { const value = $(id).value; $(id).value = ""; return value; };

submits("write", async () => { if ($("say").value.trim()) await act("say", { ...who(), text: taken("say") }); $("say").focus(); });
submits("comment", async () => {
  if (!$("media").value) await act("post", { caption: "A new post", account: $("account").value });
  await act("comment", { ...who(), media: $("media").value, text: taken("words") });
});
submits("story", () => act("story-reply", { ...who(), text: taken("reply") }));
submits("link", async () => {
  await act("refer", { ...who(), ref: taken("ref") });
  toast("The link is open; on a new thread Instagram tells of it with the first tap or word, and only with ice breakers.");
});
submits("who", async () => {
  const name = taken("fresh");
  if (!name) return;
  await act("person", { person: name });
  $("person").value = name;
  await refresh();
  $("say").focus();
});
$("account").onchange = $("person").onchange = () => { view.drawn = ""; refresh(); };
$("media").onchange = () => view.thread && drawComments(view.thread);
$("mention").onclick = () => act("mention", who());
$("heart").onclick = () => act("attach", { ...who(), kinds: ["like_heart"] });
$("photo").onclick = () => act("attach", { ...who(), kinds: ["image"] });
$("newpost").onclick = () => act("post", { caption: `Post of ${new Date().toLocaleTimeString()}`, account: $("account").value });
$("golive").onclick = () => act("post", { caption: "Live", product: "LIVE", account: $("account").value });
for (const id of ["follow", "block"]) {
  $(id).onclick = () => act(id, { ...who(), yes: $(id).getAttribute("aria-pressed") !== "true" });
}
for (const b of document.querySelectorAll("[data-hours]")) {
  b.onclick = () => act("/clock", { advanceMs: Number(b.dataset.hours) * 3600000 });
}
document.querySelector("[data-reset]").onclick = () => act("/clock", { offsetMs: 0 });
setInterval(() => { if (view.thread) drawWindow(); }, 1000);
follow();

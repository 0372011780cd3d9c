// "Try it": a form for one operation. The access token lives in this module's memory only; a reload forgets it.
import { make } from "./markdown.js";

const session = { token: "" };

export function setToken(token) {
  session.token = token.trim();
}

// The cookie of a sign-in works only with this header, which no other site can send; elsewhere it is not needed.
const OURS = { "X-InstaFlow": "docs" };

export async function request(method, address, headers = {}, body = undefined) {
  const all = { ...headers };
  if (session.token) all.Authorization = `Bearer ${session.token}`;
  return fetch(address, { method: method.toUpperCase(), headers: all, body, credentials: "same-origin" });
}

export async function signIn(email, password) {
  const answer = await fetch("/api/v1/auth/login", { method: "POST", headers: { "Content-Type": "application/json", ...OURS }, body: JSON.stringify({ email, password }) });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.message);
  setToken(data.token);
  return data;
}

function address(path, inputs) {
  const query = new URLSearchParams();
  let found = path;
  for (const { p, input } of inputs) {
    if (p.in === "path") found = found.replace(`{${p.name}}`, encodeURIComponent(input.value));
    if (p.in === "query" && input.value) query.set(p.name, input.value);
  }
  return found + (query.size ? `?${query}` : "");
}

function headersOf(inputs, media) {
  const read = inputs.filter(({ p, input }) => p.in === "header" && (input.value || p.name === "X-InstaFlow"));
  const named = Object.fromEntries(read.map(({ p, input }) => [p.name, input.value || OURS["X-InstaFlow"]]));
  return media && media !== "multipart/form-data" ? { ...named, "Content-Type": media } : named;
}

function bodyOf(media, content) {
  if (!media) return { element: null, value: () => undefined };
  if (media === "multipart/form-data") {
    const file = make("input", { type: "file", name: "file" });
    return { element: make("label", {}, "file ", file), value: () => {
      const form = new FormData();
      if (file.files[0]) form.append("file", file.files[0]);
      return form;
    } };
  }
  const given = content.example ?? {};
  const text = media === "application/json" ? JSON.stringify(given, null, 2) : new URLSearchParams(given).toString();
  const area = make("textarea", { value: text, spellcheck: false, ariaLabel: "Body" });
  return { element: area, value: () => area.value };
}

async function show(out, answer, took) {
  const type = answer.headers.get("Content-Type") || "";
  if (type.startsWith("image/") || type.startsWith("video/") || type.startsWith("audio/")) {
    const bytes = await answer.blob();
    out.replaceChildren(status(answer, took), make("p", { className: "quiet" }, `${type}, ${bytes.size} bytes`));
    return;
  }
  const text = await answer.text();
  let shown = text;
  try {
    const data = JSON.parse(text);
    shown = JSON.stringify(data, null, 2);
    if (data && data.token) setToken(data.token);
  } catch { /* not JSON: shown as it is */ }
  const page = answer.headers.get("X-Pagination");
  out.replaceChildren(status(answer, took), page ? make("p", { className: "small quiet" }, `X-Pagination: ${page}`) : "", shown ? make("pre", { tabIndex: 0 }, shown) : "");
}

function status(answer, took) {
  const good = answer.status < 400 ? "status ok" : "status no";
  return make("p", {}, make("span", { className: good }, `${answer.status} ${answer.statusText}`), make("span", { className: "quiet" }, ` in ${took} ms`));
}

export function tryOut(method, path, operation, list) {
  const inputs = list.filter((p) => p.in !== "cookie").map((p) => {
    const input = make("input", { placeholder: p.name === "X-InstaFlow" ? "sent by itself" : p.required ? "required" : "optional", required: p.in === "path" });
    return { p, input, row: make("label", {}, make("code", {}, p.name), input) };
  });
  const content = (operation.requestBody || {}).content || {};
  const media = Object.keys(content)[0];
  const body = bodyOf(media, content[media] || {});
  const out = make("div", { className: "answer", role: "status" });
  const button = make("button", {}, "Send");
  const hint = operation["x-role"] === "public" ? "" : make("span", { className: "small quiet" }, "needs a sign-in (top right)");
  const form = make("form", { className: "form" }, ...inputs.map((i) => i.row), body.element, make("div", { className: "go" }, button, hint));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const began = performance.now();
    try {
      const answer = await request(method, address(path, inputs), headersOf(inputs, media), body.value());
      await show(out, answer, Math.round(performance.now() - began));
    } catch (error) {
      out.replaceChildren(make("p", { className: "status no" }, String(error)));
    }
    button.disabled = false;
  });
  return make("div", {}, form, out);
}

// Draws the OpenAPI document: areas, operations, their fields, and a form to try each one. No dependency, nothing inline.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const $ = (id) => document.getElementById(id);
let api = {};

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function resolve(schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split("/").reduce((at, key) => at[key], api);
}

function kind(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.type === "array") return `list of ${kind(schema.items || {})}`;
  const name = [].concat(schema.type || "any").join(" or ");
  return schema.enum ? `${name}: ${schema.enum.join(", ")}` : schema.format ? `${name} (${schema.format})` : name;
}

function fields(schema) {
  const found = resolve(schema.type === "array" ? schema.items : schema);
  const rows = Object.entries(found.properties || {}).map(([name, one]) => make("tr", {},
    make("td", {}, make("code", { textContent: name }), (found.required || []).includes(name) ? " *" : ""),
    make("td", { className: "kind", textContent: kind(one) }),
    make("td", { textContent: one.description || resolve(one).description || "" })));
  return rows.length ? make("table", {}, make("tbody", {}, ...rows)) : make("p", { className: "kind", textContent: kind(schema) });
}

function parameters(list) {
  const rows = list.map(resolve).map((p) => make("tr", {},
    make("td", {}, make("code", { textContent: p.name }), p.required ? " *" : ""),
    make("td", { className: "kind", textContent: `${p.in}, ${kind(p.schema || {})}` }),
    make("td", { textContent: p.description || (p.schema || {}).description || "" })));
  return make("table", {}, make("tbody", {}, ...rows));
}

function answers(operation) {
  const rows = Object.entries(operation.responses || {}).map(([status, given]) => {
    const answer = resolve(given);
    const content = Object.values(answer.content || {})[0] || {};
    const what = content.schema ? kind(content.schema) : "";
    return make("tr", {}, make("td", { textContent: status }), make("td", { textContent: answer.description || "" }),
      make("td", { className: "kind", textContent: what }));
  });
  return make("table", {}, make("tbody", {}, ...rows));
}

function tryOut(method, path, operation, list) {
  const inputs = list.map(resolve).filter((p) => p.in !== "cookie").map((p) => {
    const input = make("input", { placeholder: p.name });
    return { p, input, row: make("label", {}, `${p.name} `, input, " ") };
  });
  const media = operation.requestBody && operation.requestBody.content["application/json"];
  const body = media ? make("textarea", { value: JSON.stringify(media.example || {}, null, 2), spellcheck: false }) : null;
  const out = make("pre", { hidden: true });
  const button = make("button", { type: "button", textContent: "Send" });
  button.addEventListener("click", async () => {
    out.hidden = false;
    out.textContent = "…";
    out.textContent = await call(method, path, inputs, body).catch((error) => String(error));
  });
  return make("div", {}, make("h4", { textContent: "Try it" }), ...inputs.map((i) => i.row), ...(body ? [body] : []), button, out);
}

async function call(method, path, inputs, body) {
  const headers = {};
  const query = new URLSearchParams();
  let address = path;
  for (const { p, input } of inputs) {
    if (!input.value) continue;
    if (p.in === "path") address = address.replace(`{${p.name}}`, encodeURIComponent(input.value));
    if (p.in === "query") query.set(p.name, input.value);
    if (p.in === "header") headers[p.name] = input.value;
  }
  if ($("token").value) headers.Authorization = `Bearer ${$("token").value}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(address + (query.size ? `?${query}` : ""), { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
  const text = await answer.text();
  let shown = text;
  try {
    const data = JSON.parse(text);
    if (data.token) $("token").value = data.token;
    shown = JSON.stringify(data, null, 2);
  } catch { /* not JSON: shown as it is */ }
  return `${answer.status} ${answer.statusText}\n\n${shown}`;
}

function draw(method, path, operation, shared) {
  const list = [...shared, ...(operation.parameters || [])];
  const inside = make("div", {}, make("p", { textContent: operation.description || "" }));
  const box = make("details", { id: operation.operationId }, make("summary", {},
    make("span", { className: "method", textContent: method.toUpperCase() }), make("code", { textContent: path }),
    make("span", { textContent: operation.summary || "" }), make("span", { className: "role", textContent: operation["x-role"] || "" })), inside);
  box.dataset.text = `${method} ${path} ${operation.operationId} ${operation.summary}`.toLowerCase();
  box.addEventListener("toggle", () => fill(inside, method, path, operation, list), { once: true });
  return box;
}

function fill(inside, method, path, operation, list) {
  if (list.length) inside.append(make("h4", { textContent: "Parameters" }), parameters(list));
  const media = operation.requestBody && Object.values(operation.requestBody.content)[0];
  if (media) inside.append(make("h4", { textContent: "Body" }), fields(media.schema || {}));
  const good = Object.entries(operation.responses || {}).find(([status]) => status.startsWith("2"));
  const content = good && Object.values(resolve(good[1]).content || {})[0];
  if (content && content.schema) inside.append(make("h4", { textContent: "Answer" }), fields(content.schema));
  if (content && content.example) inside.append(make("pre", { textContent: JSON.stringify(content.example, null, 2) }));
  inside.append(make("h4", { textContent: "Statuses" }), answers(operation), tryOut(method, path, operation, list));
}

function show() {
  const areas = new Map((api.tags || []).map((tag) => [tag.name, { tag, boxes: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((m) => item[m])) {
      areas.get(item[method].tags[0]).boxes.push(draw(method, path, item[method], item.parameters || []));
    }
  }
  const sections = [...areas.values()].filter((a) => a.boxes.length).map(({ tag, boxes }) => make("section", { id: `area-${tag.name}` },
    make("h2", { textContent: tag.name }), make("p", { textContent: tag.description || "" }), ...boxes));
  $("areas").append(...sections.map((s) => make("a", { href: `#${s.id}`, textContent: s.id.slice(5) })));
  $("operations").replaceChildren(make("div", { className: "intro", textContent: api.info.description }), ...sections);
}

$("find").addEventListener("input", () => {
  const wanted = $("find").value.trim().toLowerCase();
  for (const box of document.querySelectorAll("details")) box.hidden = !box.dataset.text.includes(wanted);
});

fetch("/openapi.json").then((answer) => answer.json()).then((document_) => {
  api = document_;
  show();
}).catch(() => { $("operations").textContent = "The document could not be loaded."; });

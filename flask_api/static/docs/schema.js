// Draws what the document says of parameters, bodies and answers.
import { inline, make } from "./markdown.js";

export function resolve(api, schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split("/").reduce((at, key) => at[key], api);
}

export function kind(api, schema) {
  const found = resolve(api, schema);
  if (found.type === "array" || [].concat(found.type || []).includes("array")) return `list of ${kind(api, found.items || {})}`;
  if (found.enum) return found.enum.filter((v) => v !== null).join(" | ") + (found.enum.includes(null) ? " or null" : "");
  const named = schema.$ref ? schema.$ref.split("/").pop() : "";
  const names = [].concat(found.type || "any").map((name) => (name === "object" && named ? named : name));
  const limit = found.maxLength ? `, at most ${found.maxLength}` : found.maximum !== undefined ? `, ${found.minimum ?? "…"} to ${found.maximum}` : "";
  const usual = found.default !== undefined && found.default !== null ? `, default ${JSON.stringify(found.default)}` : "";
  return names.join(" or ") + (found.format ? ` (${found.format})` : "") + limit + usual;
}

function inner(api, schema) {
  const found = resolve(api, schema);
  return found.items ? inner(api, found.items) : found.properties ? found : null;
}

export function fields(api, schema, depth = 0, sent = false) {
  const found = inner(api, schema);
  if (!found) return make("p", { className: "kind" }, kind(api, schema));
  const listed = resolve(api, schema).items ? make("p", { className: "kind small" }, "A list; each entry:") : null;
  const rows = Object.entries(found.properties).map(([name, one]) => {
    const need = sent && (found.required || []).includes(name) ? make("span", { className: "need", title: "required" }, " required") : null;
    const below = depth < 3 && inner(api, one) ? deeper(api, one, depth, sent) : null;
    const text = one.description || resolve(api, one).description || "";
    return make("tr", {}, make("td", {}, make("code", {}, name), need), make("td", { className: "kind" }, kind(api, one)), make("td", {}, ...inline(text), below));
  });
  const table = make("table", {}, make("tbody", {}, ...rows));
  return make("div", { className: "scroll" }, listed, rows.length ? table : make("p", { className: "kind" }, "An empty object."));
}

function deeper(api, schema, depth, sent) {
  const box = make("details", {}, make("summary", { className: "small" }, "its fields"));
  box.addEventListener("toggle", () => box.append(make("div", { className: "nested" }, fields(api, schema, depth + 1, sent))), { once: true });
  return box;
}

export function parameters(api, list) {
  const rows = list.map((p) => make("tr", {},
    make("td", {}, make("code", {}, p.name), p.required ? make("span", { className: "need" }, " required") : null),
    make("td", { className: "kind" }, `${p.in}: ${kind(api, p.schema || {})}`),
    make("td", {}, ...inline(p.description || (p.schema || {}).description || ""))));
  return make("div", { className: "scroll" }, make("table", {}, make("tbody", {}, ...rows)));
}

export function example(content) {
  if (!content || content.example === undefined) return null;
  const text = typeof content.example === "string" ? content.example : JSON.stringify(content.example, null, 2);
  return make("pre", { tabIndex: 0 }, text);
}

export function answers(api, operation) {
  const given = Object.entries(operation.responses || {}).filter(([status]) => status.startsWith("2"));
  return given.map(([status, found]) => {
    const answer = resolve(api, found);
    const content = Object.values(answer.content || {})[0];
    const media = content ? Object.keys(answer.content)[0] : "no body";
    const headers = Object.entries(answer.headers || {}).map(([name, one]) => make("p", { className: "small" }, make("code", {}, name), ` ${one.description || ""}`));
    const drawn = content && content.schema && content.schema.type !== "string" ? fields(api, content.schema) : null;
    return make("div", {}, make("p", {}, make("span", { className: "status ok" }, status), make("span", { className: "quiet" }, ` ${media}`)), ...headers, drawn, example(content));
  });
}

export function errors(api, operation) {
  const rows = Object.entries(operation.responses || {}).filter(([status]) => /^[45]/.test(status)).map(([status, found]) => {
    const answer = resolve(api, found);
    const codes = Object.entries(answer["x-codes"] || {});
    const more = codes.length > 1 ? make("details", {}, make("summary", { className: "small" }, `${codes.length} codes`), ...codes.map(([code, what]) => make("p", { className: "small" }, make("code", {}, code), ` ${what}`)))
      : codes.length ? make("code", {}, codes[0][0]) : null;
    return make("tr", {}, make("td", {}, make("span", { className: "status no" }, status)), make("td", {}, answer.description || ""), make("td", {}, more));
  });
  return make("div", { className: "scroll" }, make("table", {}, make("tbody", {}, ...rows)));
}

// Draws the OpenAPI document: areas, operations, what they take and answer, and a form to try each one. Nothing inline, no library.
import { make, markdown } from "./markdown.js";
import { answers, errors, example, fields, parameters, resolve } from "./schema.js";
import { setToken, signIn, tryOut } from "./try.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const ROLES = {
  public: "anybody", "signed-in": "any signed-in person", agent: "agent and above", editor: "editor and above",
  "team-admin": "team admin and owner", owner: "owner", "platform-admin": "operator of the installation",
};
const $ = (id) => document.getElementById(id);
const title = (name) => name[0].toUpperCase() + name.slice(1);
let api = {};

function draw(method, path, operation, shared) {
  const list = [...shared, ...(operation.parameters || [])].map((p) => resolve(api, p));
  const inside = make("div", { className: "inside" });
  const role = operation["x-role"] || "";
  const box = make("details", { id: operation.operationId, className: "operation" }, make("summary", {},
    make("span", { className: `method ${method}` }, method.toUpperCase()),
    make("span", { className: "path" }, path.replace("/api/v1", "")),
    make("span", { className: "role", title: `May be called by: ${ROLES[role] || role}` }, role),
    make("span", { className: "what" }, operation.summary || "")), inside);
  box.dataset.text = `${method} ${path} ${operation.operationId} ${operation.summary} ${role}`.toLowerCase();
  box.addEventListener("toggle", () => fill(inside, method, path, operation, list), { once: true });
  return box;
}

function part(inside, name, ...children) {
  inside.append(make("h3", {}, name), ...children.filter(Boolean));
}

function fill(inside, method, path, operation, list) {
  const role = operation["x-role"];
  inside.append(...markdown(operation.description));
  inside.append(make("p", { className: "small quiet" }, make("code", {}, `${method.toUpperCase()} ${path}`), ` · for ${ROLES[role] || role} · `, make("a", { href: `#${operation.operationId}` }, operation.operationId)));
  if (list.length) part(inside, "Parameters", parameters(api, list));
  const content = (operation.requestBody || {}).content || {};
  const media = Object.keys(content)[0];
  if (media) part(inside, `Body (${media})`, fields(api, content[media].schema || {}, 0, true), example(content[media]));
  part(inside, "Answer", ...answers(api, operation));
  part(inside, "Errors", errors(api, operation));
  part(inside, "Try it", tryOut(method, path, operation, list));
}

function section({ tag, boxes }) {
  return make("section", { id: `area-${tag.name}` }, make("h2", {}, title(tag.name)), ...markdown(tag.description), ...boxes);
}

function show() {
  const areas = new Map((api.tags || []).map((tag) => [tag.name, { tag, boxes: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((m) => item[m])) areas.get(item[method].tags[0]).boxes.push(draw(method, path, item[method], item.parameters || []));
  }
  const filled = [...areas.values()].filter((a) => a.boxes.length);
  $("areas").append(...filled.map(({ tag, boxes }) => make("a", { href: `#area-${tag.name}` }, title(tag.name), make("span", {}, String(boxes.length)))));
  const intro = make("div", { className: "intro" }, make("h1", {}, "The InstaFlow API"), ...introduction());
  $("operations").replaceChildren(intro, ...filled.map(section), make("p", { id: "none", hidden: true }, "No operation is called that."));
  unfold();
}

// The long table of codes is folded away: what comes first is how to begin.
function introduction() {
  const blocks = markdown(api.info.description);
  return blocks.map((block) => (block.className === "scroll" ? make("details", {}, make("summary", {}, "All error codes"), block) : block));
}

function unfold() {
  const box = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!box) return;
  box.open = true;
  box.scrollIntoView();
}

function find() {
  const wanted = $("find").value.trim().toLowerCase().split(/\s+/);
  let seen = 0;
  for (const part_ of document.querySelectorAll("section")) {
    let here = 0;
    for (const box of part_.querySelectorAll("details.operation")) {
      box.hidden = !wanted.every((word) => box.dataset.text.includes(word));
      here += box.hidden ? 0 : 1;
    }
    part_.hidden = here === 0;
    seen += here;
  }
  $("none").hidden = seen > 0;
  document.querySelector(".intro").hidden = wanted[0] !== "";
}

$("find").addEventListener("input", find);
$("token").addEventListener("input", () => {
  setToken($("token").value);
  $("who").textContent = $("token").value ? "Token set" : "Sign in";
});
$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const data = await signIn($("email").value, $("password").value);
    $("password").value = "";
    $("who").textContent = data.email;
    $("said").textContent = "Signed in for 15 minutes. The token stays in this page's memory: a reload forgets it.";
    $("sign").open = false;
  } catch (error) {
    $("said").textContent = error.message;
  }
});
window.addEventListener("hashchange", unfold);

fetch("/openapi.json").then((answer) => answer.json()).then((found) => {
  api = found;
  show();
}).catch((error) => { $("operations").textContent = `The document could not be loaded: ${error.message}`; });

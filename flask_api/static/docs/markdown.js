// The small part of Markdown that the document uses, as elements: paragraphs, lists, tables, `code`, **strong**. Never as HTML text.

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function inline(text) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
  return parts.filter(Boolean).map((part) => {
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return make("code", { textContent: part.slice(1, -1) });
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return make("strong", { textContent: part.slice(2, -2) });
    return part;
  });
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function table(lines) {
  const ruled = lines.length > 1 && /^[\s|:-]+$/.test(lines[1]);
  const head = ruled ? [make("thead", {}, make("tr", {}, ...cells(lines[0]).map((c) => make("th", {}, ...inline(c)))))] : [];
  const rows = (ruled ? lines.slice(2) : lines).map((line) => make("tr", {}, ...cells(line).map((c) => make("td", {}, ...inline(c)))));
  return make("div", { className: "scroll" }, make("table", {}, ...head, make("tbody", {}, ...rows)));
}

function list(lines) {
  const ordered = /^\d+\. /.test(lines[0]);
  const items = lines.join("\n").split(/\n(?=(?:[-*]|\d+\.) )/).map((item) => item.replace(/^(?:[-*]|\d+\.) /, "").replace(/\s+/g, " "));
  return make(ordered ? "ol" : "ul", {}, ...items.map((item) => make("li", {}, ...inline(item))));
}

function block(text) {
  const lines = text.split("\n");
  if (lines.every((line) => line.startsWith("|"))) return table(lines);
  if (/^([-*]|\d+\.) /.test(text)) return list(lines);
  return make("p", {}, ...inline(text.replace(/\s+/g, " ")));
}

export function markdown(text) {
  return (text || "").trim().split(/\n\s*\n/).filter(Boolean).map(block);
}

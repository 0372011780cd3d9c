// How this installation is, told in words; and the fake Instagram's page where the installation is a demo.
import { make } from "./docs/markdown.js";

const $ = (id) => document.getElementById(id);
const CHECKS = { schema: "The database has this program's tables", keys: "The keys load", database: "A commit reaches the disk", worker: "A worker is alive" };
const FIGURES = [["accounts", "Instagram accounts"], ["active_flows", "active flows"], ["inbox_count", "events waiting"], ["outbox_count", "sends due"]];

function tell(found) {
  $("ready").textContent = found.ready ? "Ready: webhooks are taken and answered" : "Not ready";
  $("dot").className = `dot ${found.ready ? "ok" : "no"}`;
  const known = FIGURES.filter(([name]) => found.figures[name] !== undefined);
  $("figures").replaceChildren(...known.map(([name, what]) => make("div", {}, make("dt", {}, what), make("dd", {}, String(found.figures[name])))));
  $("checks").replaceChildren(...Object.entries(found.checks).map(([name, what]) => make("li", {},
    make("span", { className: `dot ${what === "ok" ? "ok" : "no"}` }), make("span", {}, what === "ok" ? CHECKS[name] || name : `${name}: ${what}`))));
}

async function ask() {
  try {
    tell(await (await fetch("/readyz")).json());
  } catch {
    $("ready").textContent = "The installation does not answer";
    $("dot").className = "dot no";
  }
}

ask();
setInterval(ask, 5000);

fetch("/links.json").then((answer) => answer.json()).then((links) => {
  if (!links.fakeInstagram) return;
  const link = make("a", { href: links.fakeInstagram }, make("b", {}, "The fake Instagram"), make("span", {}, "Play a person who writes to the demo account"));
  $("links").prepend(make("li", {}, link));
});

// Adds the fake Instagram's page where the installation is a demo.
"use strict";

fetch("/links.json").then((answer) => answer.json()).then((links) => {
  if (!links.fakeInstagram) return;
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = links.fakeInstagram;
  link.textContent = "The fake Instagram";
  item.append(link, ": play a person who writes to the demo account");
  document.getElementById("links").append(item);
});

// Starts `instaflow lsp` for flows as text, YAML and JSON. All that it knows is in the server.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function options() {
  const [command, ...args] = vscode.workspace.getConfiguration("instaflow").get("command");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return { command, args, options: folder ? { cwd: folder } : {} };
}

async function start() {
  const watched = vscode.workspace.createFileSystemWatcher("**/*.{flow,yaml,yml,json}");
  client = new LanguageClient("instaflow", "InstaFlow", options(), {
    documentSelector: [{ language: "instaflow" }, { scheme: "file", language: "yaml" }, { scheme: "file", language: "json" }],
    synchronize: { fileEvents: watched },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const { command } = options();
    vscode.window.showErrorMessage(
      `InstaFlow's language server did not start (${command}): ${error.message}. Install it with: pip install 'instaflow[lsp]', ` +
        "or name it in the setting instaflow.command."
    );
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("instaflow.restart", async () => {
      await deactivate();
      await start();
    })
  );
  await start();
}

async function deactivate() {
  const old = client;
  client = undefined;
  await old?.stop();
}

module.exports = { activate, deactivate };

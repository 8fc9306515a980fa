/** A first page tells what its reader's role may do: open where the page has little else. */
import { groupsPage } from "@cairn/pages";
import { textOf } from "@cairn/text";
import t from "tap";

const signer = {
  role: "library signer",
  rights: [
    { words: "Sign the library, with one's own key", commands: [] },
    { words: "Look", commands: ["hub status"] },
  ],
};

t.test("who may open no group reads at once what they may do", async (t) => {
  const page = (opens: string | null, rights: typeof signer | null = signer): string =>
    textOf(
      groupsPage({ groups: [{ name: "Glen", practices: 6, opens }], also: [], isAtMachine: false, rights }),
    );
  t.match(page(null), /<details class="cairn-fold" open>\s*<summary>What you may do here as library signer/);
  t.match(page(null), "Sign the library, with one");
  t.match(page(null), "Look: <code>cairn hub status</code>");
  t.match(page("/groups/Glen"), /<details class="cairn-fold"\s*>/);
  t.notMatch(page(null, null), "may do here", "nobody is told where nobody has an account");
});

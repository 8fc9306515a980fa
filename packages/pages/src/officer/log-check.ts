/** Whether a log holds against its own checkpoints, and how to check it elsewhere. */
import { count, html, minute, type Markup } from "@cairn/text";
import type { Link } from "../layout.js";
import type { PageFrame } from "../sign-in/sign-in.js";

type Verdict =
  | {
      readonly holds: true;
      readonly entries: number;
      readonly logs: number;
      readonly countersigned: number;
      readonly root: string; // hex
      readonly checkedAt: number; // milliseconds since 1970
    }
  | { readonly holds: false; readonly problem: string }
  /** It is being checked. */
  | { readonly holds: null; readonly entries: number };

export interface LogCheckPage {
  readonly whose: string; // "the hub's log"
  readonly above: readonly Link[];
  readonly verdict: Verdict;
  /** Commands that take the log away and check it with the other side's, one a line. */
  readonly commands: readonly string[];
  readonly where: string; // a sentence on where the commands are typed
}

/** The check of a log against its own checkpoints. */
export function logCheckPage(
  frame: PageFrame,
  { whose, above, verdict, commands, where }: LogCheckPage,
): Markup {
  return frame({
    title: `Check of ${whose}`,
    above,
    content: html`<h1>Does ${whose} hold?</h1>
      ${verdictWords(verdict)}
      <h2>Check it elsewhere</h2>
      <p>
        This page is made by the machine that keeps the log. To rely on nobody here, take the log away and
        compare it with the other side's on a machine of your own. ${where}
      </p>
      <ol class="nhsuk-list nhsuk-list--number">
        ${commands.map((command) => html`<li><code>${command}</code></li>`)}
      </ol>`,
  });
}

function verdictWords(verdict: Verdict): Markup {
  if (verdict.holds === null)
    return html`<p class="nhsuk-body-l cairn-lead">
      It is being checked: ${count(verdict.entries)} entries. Load this page again in a few seconds.
    </p>`;
  if (!verdict.holds)
    return html`<div class="nhsuk-inset-text cairn-alarm">
      <p><strong>It does not hold:</strong> ${verdict.problem}.</p>
      <p>Keep this machine as it is, and tell whoever runs it and the practices.</p>
    </div>`;
  const { entries, logs, countersigned, root, checkedAt } = verdict;
  return html`<p class="nhsuk-body-l cairn-lead">
      It holds. ${count(entries)} ${entries === 1 ? "entry leads" : "entries lead"} to the signed
      ${logs === 1 ? "head" : `heads of ${count(logs)} logs, one after the other`}.
    </p>
    <p>
      ${
        countersigned === 0
          ? "Nobody else has countersigned a checkpoint yet."
          : `${count(countersigned)} ${countersigned === 1 ? "checkpoint that another party countersigned lies" : "checkpoints that other parties countersigned lie"} on the way.`
      }
    </p>
    <p>Checked ${minute(new Date(checkedAt).toISOString())}.</p>
    <p>Root of the newest log: <code class="cairn-key">${root}</code></p>`;
}

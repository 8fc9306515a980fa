/** The process that checks the hub's log: it opens the folder that it is given, sends its verdict and ends. */
import { verifyOwnLog } from "@cairn/ledger";
import { exportLines } from "../export.js";
import { withHub } from "../hub.js";

const verdict = await withHub(process.argv[2] ?? "", async (hub) => {
  const lines: string[] = [];
  for await (const line of exportLines(hub, { bytes: false })) lines.push(line);
  return verifyOwnLog(lines, hub.files.logKey);
});
process.send?.(verdict, () => process.disconnect());

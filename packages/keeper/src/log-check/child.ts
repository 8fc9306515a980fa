/** The process that checks the practice's log: it opens the folder that it is given, sends its verdict and ends. */
import { verifyOwnLog } from "@cairn/ledger";
import { KeeperStore } from "../store/store.js";

const store = KeeperStore.open(process.argv[2] ?? "");
const verdict = verifyOwnLog(store.log.exportLines(), store.key);
store.close();
process.send?.(verdict, () => process.disconnect());

/** `highs`, loaded. Its types describe a CommonJS module, and Node loads the other one: the default is the loader. */
import highs from "highs";
import type { LpSolver } from "../src/index.js";

const load = highs as unknown as () => Promise<LpSolver>;
export const solver = await load();

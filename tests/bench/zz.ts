import { guard } from "./guard.js";
for (const f of await guard(false)) console.log(JSON.stringify(f));

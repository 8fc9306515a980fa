/**
 * Codes of entries that hold a name, an address, a number or another thing that says who somebody is: such entries are
 * never kept.
 *
 * The codes are those of `SubscriberProtectedCodes*.csv` in endeavourhealth/Transforms at commit 6b6a8e1, under the
 * Apache License 2.0.
 */
import type { CodeSystem } from "@cairn/query-library";

const CODES: Readonly<Partial<Record<CodeSystem, string>>> = {
  read2: `
    9151. 9152. 9153. 9154. 9155. 9156. 9158. 9159. 915B. 915D. 915H. 915J. 915K. 915L. 9182. 9189. 918J. 918J0
    918K. 918K0 918L. 918L0 918M. 918M0 918N. 918P. 918Q. 918R. 918x. 9R6..`,
  ctv3: `
    9151. 9152. 9153. 9154. 9155. 9156. 9158. 9159. 915D. 9182. 9189. 9R6.. XE2Hj XaJOJ XaJOK XaJOL XaJPa XaJQ4
    XaJQ7 XaJQ9 XaJQB XaJQL XaJQs XaLva XaQgn XaXTm XaYak XaZ1Q XaZ4o XaZ4q XaZ4r XaZ4s`,
  snomed: `
    108651000000103 184095009 184096005 184097001 184098006 184099003 184100006 184102003 184103008 184107009
    184142008 184149004 185975009 247841000000109 395451000000101 406548001 408400006 408401005 408402003
    408576002 408584003 408585002 408586001 408587005 408588000 424966008 428481002 823131000000105
    824521000000100 824551000000105 824571000000101 824591000000102`,
};

const known: ReadonlySet<string> = new Set(
  Object.entries(CODES).flatMap(([system, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => `${system} ${code}`),
  ),
);

/** Whether an entry of this code says who somebody is. */
export function isPersonal(system: CodeSystem, code: string): boolean {
  return known.has(`${system} ${code}`);
}

/** Finds the one organisation of an extract whose records are taken. */
import { ownCopy } from "@cairn/records";
import { ImportError } from "../errors.js";
import { isDeleted } from "../fields.js";
import type { Intake } from "../importer.js";
import { requireOnePractice } from "../one-practice.js";
import type { SourceFile } from "../source-file.js";
import { type Skip, skipBad } from "../table.js";
import { type RowColumns, bareGuid, guidIn, readRows } from "./rows.js";

const SCHEME = "EMIS ";
const GUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
export const OF_ANOTHER: Skip = { kind: "left-out", reason: "it is of another organisation of the extract" };

/** The organisations that an extract tells of. */
export class OrganisationChoice {
  /** GUID by the code by which the health service knows an organisation. */
  readonly #byCode = new Map<string, string>();
  readonly #sharing = new Set<string>();
  readonly #ofPatients = new Set<string>();

  async readOrganisations(intake: Intake, file: SourceFile): Promise<void> {
    await readRows(intake, file, "Admin_Organisation", (at: RowColumns) => (row) => {
      const guid = guidIn(row, at.organisationguid!);
      if (guid === "") return skipBad("OrganisationGuid is empty");
      const code = row.trimmed(at.odscode!).toUpperCase();
      if (code !== "") this.#byCode.set(ownCopy(code), ownCopy(guid));
      return null;
    });
  }

  async readAgreements(intake: Intake, file: SourceFile): Promise<void> {
    await readRows(intake, file, "Agreements_SharingOrganisation", (at: RowColumns) => (row) => {
      const guid = guidIn(row, at.organisationguid!);
      if (guid === "") return skipBad("OrganisationGuid is empty");
      const [activated, ...over] = [at.isactivated!, at.disabled!, at.deleted!].map((each) =>
        isDeleted(row.get(each)),
      );
      if (activated === null || over.includes(null)) return skipBad("IsActivated, Disabled or Deleted is neither true nor false"); // prettier-ignore
      if (activated && !over.includes(true)) this.#sharing.add(ownCopy(guid));
      return null;
    });
  }

  /** Notes an organisation that has patients in the extract. */
  ofPatient(guid: string): void {
    if (guid !== "" && !this.#ofPatients.has(guid)) this.#ofPatients.add(ownCopy(guid));
  }

  /**
   * The GUID of the organisation whose records are taken: the one that was asked for, or whose records the store
   * holds, or the only one that the extract has.
   * @throws ImportError where there are several, or another one than that whose records the store holds
   */
  chosen(intake: Intake, file: string): string {
    const asked = this.#asked(intake.organisation);
    const held = intake.load.practice();
    const known = held?.startsWith(SCHEME) === true ? held.slice(SCHEME.length) : null;
    const there = this.#ofPatients.size > 0 ? this.#ofPatients : this.#sharing;
    const chosen = asked ?? known ?? (there.size === 1 ? [...there][0]! : null);
    if (chosen === null && there.size > 1)
      throw new ImportError(
        "two-practices",
        `${file}: the extract holds records of ${there.size} organisations${this.#shown(there)}; say which one is this practice with --organisation; nothing was kept`,
      );
    if (chosen === null) return "";
    requireOnePractice(intake.load, new Set([chosen]), file, "OrganisationGuid", SCHEME);
    return chosen;
  }

  #asked(organisation: string | null): string | null {
    if (organisation === null) return null;
    const text = bareGuid(organisation.trim());
    const guid = this.#byCode.get(text) ?? (GUID.test(text) ? text : null);
    const there = new Set([...this.#ofPatients, ...this.#sharing]);
    if (guid !== null && (there.size === 0 || there.has(guid))) return guid;
    throw new ImportError(
      "wrong-option",
      `--organisation ${organisation}: this extract holds no records of it${this.#shown(there)}; write its ODS code or its OrganisationGuid`,
    );
  }

  /** The codes of organisations, where each has one that looks like one: a column that slipped is not repeated. */
  #shown(guids: ReadonlySet<string>): string {
    const codes = [...this.#byCode].filter(([, guid]) => guids.has(guid)).map(([code]) => code);
    const all = codes.length === guids.size && codes.every((code) => /^[A-Z]\d[A-Z0-9]{0,8}$/.test(code));
    return all && codes.length > 0 ? ` (${codes.sort().join(", ")})` : "";
  }
}

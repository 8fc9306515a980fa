/**
 * The ethnic groups that codes of EMIS Web stand for. EMIS keeps no field for them: they are coded entries.
 *
 * The codes are those of `EmisEthnicityMap.csv` in endeavourhealth/Transforms at commit 6b6a8e1, under the Apache
 * License 2.0, with its sixteen categories brought together into the census's five groups.
 */
import type { EthnicGroup } from "@cairn/query-library";

const CODES: Readonly<Record<Exclude<EthnicGroup, "unknown">, string>> = {
  white: `
    134B. 134N. 9S1.. 9S10. 9S11. 9S12. 9S13. 9S14. 9SA9. 9SAA. 9SAB. 9SAC. 9SI.. 9T11. 9T12. 9T2.. 9T4.. 9T5..
    9T6.. 9T7.. 9T8.. 9TC.. 9TC0. 9TC1. 9TC2. 9TC3. 9TC4. 9TC5. 9i0.. 9i00. 9i1.. 9i10. 9i2.. 9i20. 9i21. 9i22.
    9i23. 9i24. 9i25. 9i26. 9i27. 9i28. 9i29. 9i2A. 9i2B. 9i2C. 9i2D. 9i2E. 9i2F. 9i2G. 9i2H. 9i2J. 9i2K. 9i2L.
    9i2M. 9i2N. 9i2P. 9i2Q. 9i2R. 9i2S. 9i2T. 9t00. 9t01. 9t02. 9t03. 9t10. 9t11. 9t20. 9t21. 9t22. 9t23. 9t24.
    9t25. EMISNQPO8 ^ESCTCA684637 ^ESCTCA684639 ^ESCTGY314643 ^ESCTOT474038`,
  mixed: `
    134J. 134L. 9S51. 9S52. 9SB.. 9SB1. 9SB2. 9SB3. 9SB4. 9SB5. 9SB6. 9i3.. 9i4.. 9i5.. 9i6.. 9i60. 9i61. 9i62.
    9i63. 9i64. 9i65. 9t04. 9t05. 9t06. 9t07. 9t12. 9t13. 9t14. 9t15. 9t26. ESCTMI5 ^ESCTOT474034 ^ESCTOT474036
    ^ESCTOT474040`,
  asian: `
    134D. 134I. 134M. 9S46. 9S6.. 9S7.. 9S8.. 9S9.. 9SA6. 9SA7. 9SA8. 9SH.. 9T1B. 9T1C. 9T1D. 9T1E. 9T9.. 9i7..
    9i8.. 9i9.. 9iA.. 9iA1. 9iA2. 9iA3. 9iA4. 9iA5. 9iA6. 9iA7. 9iA8. 9iA9. 9iAA. 9iE.. 9t08. 9t09. 9t0A. 9t0B.
    9t0C. 9t16. 9t17. 9t18. 9t19. 9t1A. 9t27. 9t28. 9t29. 9t2A. 9t2B. EMISNQNE35`,
  black: `
    134H. 134K. 9S2.. 9S3.. 9S4.. 9S41. 9S42. 9S43. 9S44. 9S45. 9S47. 9S48. 9S5.. 9SA3. 9SA5. 9SG.. 9iB.. 9iC..
    9iD.. 9iD0. 9iD1. 9iD2. 9iD3. 9iD4. 9t0D. 9t0E. 9t0F. 9t1B. 9t1C. 9t1D. 9t2C. 9t2D. 9t2E. 9t2F. 9t2G. ESCTBL5
    ESCTBL5-1 ^ESCTBL551668`,
  other: `
    134C. 134E. 134F. 134G. 9SA.. 9SA1. 9SA2. 9SA4. 9SAD. 9SC.. 9SJ.. 9SZ.. 9T1.. 9T13. 9T14. 9T15. 9T16. 9T17.
    9T18. 9T19. 9T1A. 9T1Y. 9T1Z. 9T3.. 9iF.. 9iF0. 9iF1. 9iF2. 9iF3. 9iF4. 9iF5. 9iF6. 9iF7. 9iF8. 9iF9. 9iFA.
    9iFB. 9iFC. 9iFD. 9iFE. 9iFF. 9iFG. 9iFH. 9iFJ. 9iFK. 9t0G. 9t0H. 9t1E. 9t1F. 9t2H. 9t2J. EMISNQBR14
    ^ESCTTO474054`,
};

const groups: ReadonlyMap<string, EthnicGroup> = new Map(
  Object.entries(CODES).flatMap(([group, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => [code, group as EthnicGroup] as const),
  ),
);

/** The group that a Read code (padded with dots) or an EMIS local code stands for; null where it stands for none. */
export function ethnicGroupOf(code: string): EthnicGroup | null {
  return groups.get(code) ?? null;
}

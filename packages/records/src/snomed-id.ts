/** SNOMED CT identifiers, which dm+d uses too: 6 to 18 digits, the last a check digit (SNOMED CT RF2 guide, 3.1.4.3). */

/** Dihedral group D5: Verhoeff's check, as products and as the permutation of each place. */
const PRODUCT = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const PLACE = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Whether the text can be an identifier of SNOMED CT or dm+d. */
export function isSnomedId(text: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(text)) return false;
  let check = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = Number(PLACE[i % 8]![Number(text[text.length - 1 - i])]);
    check = Number(PRODUCT[check]![digit]);
  }
  return check === 0;
}

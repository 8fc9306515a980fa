/** A hub's store as it was before libraries had several signers: for stories of stores of earlier versions. */

/** Puts the library back into the form in which one key signed it. */
export const LIBRARY_OF_ONE_KEY = `
  DROP TABLE library_file;
  ALTER TABLE library RENAME COLUMN content TO bundle;
  ALTER TABLE library ADD COLUMN digest BLOB;
  UPDATE library SET bundle = CAST(json_object('content', CAST(bundle AS TEXT), 'signature', '') AS BLOB);`;

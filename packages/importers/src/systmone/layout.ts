/**
 * The columns of SystmOne's tables, in all versions of the extract from 87 to 93 together: a header has some of them, in
 * any order. Source: endeavourhealth/Transforms@6b6a8e1 (Apache-2.0), as facts.
 */

const DONE = "rowidentifier idorganisationvisibleto dateeventrecorded dateevent idprofileenteredby iddoneby textualeventdoneby idorganisationdoneat"; // prettier-ignore
const PLACE = "idreferralin idevent idpatient idorganisation idorganisationregisteredat removeddata";

export const LAYOUTS = {
  SRPatient: columns(
    "rowidentifier idorganisationvisibleto title firstname middlenames surname previoussurname nhsnumber datebirth datedeath birthplace gender speaksenglish emailaddress testpatient ssref spinematched removeddata",
  ),
  SRPatientRegistration: columns(
    "rowidentifier idorganisationvisibleto dateeventrecorded idprofileenteredby dateregistration datederegistration registrationstatus preferredpharmacy idpatient idorganisation idorganisationregisteredat removeddata",
  ),
  SRPatientAddressHistory: columns(
    `${DONE} nameofbuilding numberofbuilding nameofroad nameoflocality nameoftown nameofcounty fullpostcode dateto addresstype ccgofresidence ${PLACE}`,
  ),
  SRConfiguredListOption: columns(
    "rowidentifier configuredlist configuredlistoption cdscode mhlddscode camhscode mhsdscode removeddata",
  ),
  SREvent: columns(
    `${DONE} idstaffmemberprofilerole idauthorisedby idprofileauthorisedby contacteventlocation contactmethod eventincomplete clinicalevent idteam idbranch ${PLACE}`,
  ),
  SRCode: columns(
    `${DONE} ctv3code ctv3text snomedcode snomedtext numericcomparator isnumeric numericvalue numericunit episodetype idtemplate idquestionnaire idappointment idvisit ${PLACE}`,
  ),
  SRPrimaryCareMedication: columns(
    `${DONE} idmultilexproduct idmultilexpack idmultilexdmd nameofmedication datemedicationstart datemedicationend medicationdosage medicationquantity issupervised superviseddose unsuperviseddose isrepeatmedication isothermedication isdentalmedication ishospitalmedication idrepeattemplate ${PLACE}`,
  ),
  SRImmunisation: columns(
    `${DONE} idvaccination idimmunisationcontent dose location method dateexpiry immsreadcode immssnomedcode vaccpart vaccbatchnumber vaccareacode vaccinationstatus ${PLACE}`,
  ),
} as const;

export type KnownTable = keyof typeof LAYOUTS;
/** Where each column of a table stands; -1 where it is absent. */
export type Columns = Readonly<Record<string, number>>;

function columns(text: string): string[] {
  return text.split(" ");
}

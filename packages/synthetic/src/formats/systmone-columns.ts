/** Columns of SystmOne's tables in version 93 of the extract, of those that are written here. */
const DONE = "RowIdentifier IDOrganisationVisibleTo DateEventRecorded DateEvent IDProfileEnteredBy IDDoneBy TextualEventDoneBy IDOrganisationDoneAt"; // prettier-ignore

export const SYSTMONE_COLUMNS = {
  SRPatient: "RowIdentifier IDOrganisationVisibleTo Title FirstName MiddleNames Surname PreviousSurname NHSNumber DateBirth DateDeath BirthPlace Gender SpeaksEnglish EmailAddress TestPatient SSRef SpineMatched RemovedData",
  SRPatientRegistration: "RowIdentifier IDOrganisationVisibleTo DateEventRecorded IDProfileEnteredBy DateRegistration DateDeRegistration RegistrationStatus PreferredPharmacy IDPatient IDOrganisation IDOrganisationRegisteredAt RemovedData",
  SRPatientAddressHistory: `${DONE} NameOfBuilding NumberOfBuilding NameOfRoad NameOfLocality NameOfTown NameOfCounty FullPostCode DateTo AddressType IDEvent IDPatient IDOrganisation CcgOfResidence RemovedData`,
  SRConfiguredListOption: "RowIdentifier ConfiguredList ConfiguredListOption CDSCode CAMHSCode MHSDSCode RemovedData",
  SREvent: `${DONE} IDStaffMemberProfileRole IDAuthorisedBy IDProfileAuthorisedBy ContactEventLocation ContactMethod EventIncomplete ClinicalEvent IDReferralIn IDPatient IDOrganisation IDTeam IDBranch IDOrganisationRegisteredAt RemovedData`,
  SRCode: `${DONE} CTV3Code CTV3Text SNOMEDCode SNOMEDText NumericComparator IsNumeric NumericValue NumericUnit EpisodeType IDTemplate IDQuestionnaire IDEvent IDPatient IDReferralIn IDAppointment IDVisit IDOrganisation IDOrganisationRegisteredAt RemovedData`,
  SRPrimaryCareMedication: `${DONE} IDMultiLexProduct IDMultiLexPack IDMultiLexDMD NameOfMedication DateMedicationStart DateMedicationEnd MedicationDosage MedicationQuantity IsSupervised SupervisedDose UnsupervisedDose IsRepeatMedication IsOtherMedication IsDentalMedication IsHospitalMedication IDRepeatTemplate IDReferralIn IDEvent IDPatient IDOrganisation IDOrganisationRegisteredAt RemovedData`,
  SRImmunisation: `${DONE} IDVaccination IDImmunisationContent Dose Location Method DateExpiry ImmsReadCode ImmsSNOMEDCode VaccPart VaccBatchNumber VaccAreaCode VaccinationStatus IDEvent IDPatient IDOrganisation IDOrganisationRegisteredAt RemovedData`,
} as const; // prettier-ignore

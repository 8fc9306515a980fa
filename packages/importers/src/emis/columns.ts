/**
 * The columns of the tables that are read, in versions 5.4 to 8.2 of the extract. Only `needed` and `wanted` ones are
 * read: nothing else of a row, such as a name, an address or what somebody typed, becomes a text that lives.
 */
import type { Table } from "./names.js";

interface Layout {
  /** Without one of these the file cannot be read. */
  readonly needed: readonly string[];
  readonly wanted: readonly string[];
  /** The other columns of the extract, which are never read. */
  readonly unread: readonly string[];
}

const words = (text: string): string[] => text.toLowerCase().trim().split(/\s+/);
const OF_AN_EVENT = "PatientGuid OrganisationGuid EffectiveDate EffectiveDatePrecision Deleted ProcessingId";
const BESIDE_AN_EVENT = "EnteredDate EnteredTime EnteredByUserInRoleGuid";

export const LAYOUTS = {
  Admin_Organisation: {
    needed: words("OrganisationGuid ODSCode"),
    wanted: [],
    unread:
      words(`CDB OrganisationName ParentOrganisationGuid CCGOrganisationGuid OrganisationType OpenDate CloseDate
      MainLocationGuid ProcessingId`),
  },
  Agreements_SharingOrganisation: {
    needed: words("OrganisationGuid IsActivated Disabled Deleted"),
    wanted: [],
    unread: words("LastModifiedDate ProcessingId"),
  },
  Admin_Patient: {
    needed:
      words(`PatientGuid OrganisationGuid Sex DateOfBirth DateOfDeath DateOfRegistration DateofDeactivation
      PatientTypeDescription DummyType Deleted ProcessingId`),
    wanted: words("Postcode PatientNumber SpineSensitive IsConfidential"),
    unread: words(`UsualGpUserInRoleGuid Title GivenName MiddleNames Surname NhsNumber HouseNameFlatNumber
      NumberAndStreet Village Town County ResidentialInstituteCode NHSNumberStatus CarerName CarerRelation
      PersonGuid EmailAddress HomePhone MobilePhone ExternalUsualGPGuid ExternalUsualGP
      ExternalUsualGPOrganisation ContactComments`),
  },
  Admin_PatientHistory: {
    needed: words("PatientGuid OrganisationGuid HistoryDate StatusDescription ProcessingId"),
    wanted: words("HistoryTime"),
    unread: [],
  },
  CareRecord_Consultation: {
    needed: words(`ConsultationGuid ${OF_AN_EVENT} ConsultationSourceCodeId`),
    wanted: words("ClinicianUserInRoleGuid IsConfidential"),
    unread: words(`${BESIDE_AN_EVENT} AppointmentSlotGuid ConsultationSourceTerm Complete ConsultationType`),
  },
  CareRecord_Observation: {
    needed: words(`ObservationGuid ${OF_AN_EVENT} CodeId Value ObservationType`),
    wanted: words("NumericUnit ClinicianUserInRoleGuid IsConfidential"),
    unread:
      words(`${BESIDE_AN_EVENT} ParentObservationGuid ProblemGuid AssociatedText ConsultationGuid NumericRangeLow
      NumericRangeHigh DocumentGuid Qualifiers Abnormal AbnormalReason Episode Episodicity`),
  },
  Prescribing_IssueRecord: {
    needed: words(`IssueRecordGuid ${OF_AN_EVENT} CodeId Quantity`),
    wanted: words("ClinicianUserInRoleGuid IsConfidential"),
    unread:
      words(`${BESIDE_AN_EVENT} DrugRecordGuid Dosage QuantityUnit ProblemObservationGuid CourseDurationInDays
      EstimatedNhsCost EmisCode PatientMessage ScriptPharmacyStamp Compliance AverageCompliance
      IsPrescribedAsContraceptive IsPrivatelyPrescribed PharmacyMessage PharmacyText ConsultationGuid ExpiryDate
      ReviewDate IssueMethodDescription`),
  },
  Coding_ClinicalCode: {
    needed: words("CodeId ReadTermId SnomedCTConceptId"),
    wanted: [],
    unread: words(`Term SnomedCTDescriptionId NationalCode NationalCodeCategory NationalDescription
      EmisCodeCategoryDescription ParentCodeId ProcessingId`),
  },
  Coding_DrugCode: {
    needed: words("CodeId DmdProductCodeId"),
    wanted: [],
    unread: words("Term BNFChapterRef ProcessingId"),
  },
} as const satisfies Record<Table, Layout>;

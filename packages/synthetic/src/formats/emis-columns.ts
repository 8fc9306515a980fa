/** The tables of an EMIS Web extract that are written, and their columns in version 8.2 of its specification. */
const ROW_OF_A_PATIENT = "PatientGuid OrganisationGuid EffectiveDate EffectiveDatePrecision EnteredDate EnteredTime ClinicianUserInRoleGuid EnteredByUserInRoleGuid"; // prettier-ignore

export const EMIS_COLUMNS = {
  Admin_Organisation: "OrganisationGuid CDB OrganisationName ODSCode ParentOrganisationGuid CCGOrganisationGuid OrganisationType OpenDate CloseDate MainLocationGuid ProcessingId",
  Agreements_SharingOrganisation: "OrganisationGuid IsActivated LastModifiedDate Disabled Deleted",
  Admin_UserInRole: "UserInRoleGuid OrganisationGuid Title GivenName Surname JobCategoryCode JobCategoryName ContractStartDate ContractEndDate RegistrationNumber ProcessingId",
  Admin_Patient: "PatientGuid OrganisationGuid UsualGpUserInRoleGuid Sex DateOfBirth DateOfDeath Title GivenName MiddleNames Surname DateOfRegistration NhsNumber PatientNumber PatientTypeDescription DummyType HouseNameFlatNumber NumberAndStreet Village Town County Postcode ResidentialInstituteCode NHSNumberStatus CarerName CarerRelation PersonGuid DateofDeactivation Deleted SpineSensitive IsConfidential EmailAddress HomePhone MobilePhone ExternalUsualGPGuid ExternalUsualGP ExternalUsualGPOrganisation ContactComments ProcessingId",
  Admin_PatientHistory: "PatientGuid OrganisationGuid HistoryDate HistoryTime StatusDescription ProcessingId",
  CareRecord_Consultation: `ConsultationGuid ${ROW_OF_A_PATIENT} AppointmentSlotGuid ConsultationSourceTerm ConsultationSourceCodeId Complete ConsultationType Deleted IsConfidential ProcessingId`,
  CareRecord_Observation: `ObservationGuid ${ROW_OF_A_PATIENT} ParentObservationGuid CodeId ProblemGuid ConsultationGuid Value NumericUnit ObservationType NumericRangeLow NumericRangeHigh DocumentGuid Qualifiers Abnormal AbnormalReason Episode Deleted IsConfidential ProcessingId`,
  CareRecord_Problem: "ObservationGuid PatientGuid OrganisationGuid ParentProblemObservationGuid Deleted EndDate EndDatePrecision ExpectedDuration LastReviewDate LastReviewDatePrecision LastReviewUserInRoleGuid ParentProblemRelationship ProblemStatusDescription SignificanceDescription ProcessingId",
  Prescribing_IssueRecord: "IssueRecordGuid PatientGuid OrganisationGuid DrugRecordGuid EffectiveDate EffectiveDatePrecision EnteredDate EnteredTime ClinicianUserInRoleGuid EnteredByUserInRoleGuid CodeId Dosage Quantity QuantityUnit ProblemObservationGuid CourseDurationInDays EstimatedNhsCost IsConfidential EmisCode PatientMessage ScriptPharmacyStamp Compliance AverageCompliance IsPrescribedAsContraceptive IsPrivatelyPrescribed PharmacyMessage PharmacyText ConsultationGuid ExpiryDate ReviewDate IssueMethodDescription Deleted ProcessingId",
  Coding_ClinicalCode: "CodeId Term ReadTermId SnomedCTConceptId SnomedCTDescriptionId NationalCode NationalCodeCategory NationalDescription EmisCodeCategoryDescription ParentCodeID ProcessingId",
  Coding_DrugCode: "CodeId Term DmdProductCodeId BNFChapterRef ProcessingId",
} as const; // prettier-ignore
export type EmisTable = keyof typeof EMIS_COLUMNS;

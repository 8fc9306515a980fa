-- Pages read the dates of one question, however many a group and its neighbours have.
CREATE INDEX collection_of_question ON collection (group_name, query, reference_date);

DELETE FROM notices WHERE subject_kind = 'concern';
ALTER TABLE notices DROP CONSTRAINT notices_subject_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_subject_kind_check CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person','campaign'));
DROP TABLE survey_concerns;
DROP TABLE survey_class_days;
DROP TABLE survey_texts;
DROP TABLE survey_text_arrivals;

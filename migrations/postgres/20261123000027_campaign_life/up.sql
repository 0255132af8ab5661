-- The life of a campaign: which year groups it asks, how long who has begun may finish, each school's pupils on roll by year
-- group, its sign-off, its nil return, and the days the authority opened it again for. A notice may be about a campaign.
ALTER TABLE campaigns ADD COLUMN late_days smallint NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN years smallint NOT NULL DEFAULT 32767;
ALTER TABLE campaign_schools ADD COLUMN signed_off_on date;
ALTER TABLE campaign_schools ADD COLUMN signed_off_by uuid;
ALTER TABLE campaign_schools ADD COLUMN nil_return text CHECK (nil_return IN ('no_pupils','school_closed','not_taking_part'));
ALTER TABLE campaign_schools ADD COLUMN unlocked_until date;
ALTER TABLE campaign_schools ADD COLUMN unlocked_for text CHECK (unlocked_for IN ('started_late','technical_fault','mended_answers','joined_late','other'));
ALTER TABLE campaign_schools ADD COLUMN reminded smallint;
ALTER TABLE campaign_schools ADD COLUMN begun_on date;
ALTER TABLE code_sheets ADD COLUMN voided smallint NOT NULL DEFAULT 0;
CREATE TABLE campaign_rolls (
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  year_group smallint NOT NULL,
  pupils bigint NOT NULL,
  PRIMARY KEY (campaign_id, school_id, year_group)
);
CREATE INDEX campaign_rolls_school_id_idx ON campaign_rolls (school_id);
ALTER TABLE notices DROP CONSTRAINT notices_subject_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_subject_kind_check CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person','campaign'));

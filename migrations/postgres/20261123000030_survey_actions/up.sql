-- What a school takes up of the advice in its pack: words of the toolkit, and no text of anybody's.
CREATE TABLE survey_actions (
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  approach text NOT NULL,
  taken_up_on date NOT NULL,
  PRIMARY KEY (campaign_id, school_id, approach)
);
CREATE INDEX survey_actions_school_id_idx ON survey_actions (school_id);

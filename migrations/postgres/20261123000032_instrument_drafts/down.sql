DROP TABLE instrument_drafts;

-- Records of several children close together, told to the psychology service's lead.
CREATE TABLE warrn_alerts (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  service_id uuid NOT NULL REFERENCES services (id),
  school_id uuid REFERENCES schools (id),
  cluster text,
  raised_at timestamptz NOT NULL,
  CONSTRAINT warrn_alerts_reference_key UNIQUE (reference),
  CHECK ((school_id IS NULL) <> (cluster IS NULL))
);
CREATE INDEX warrn_alerts_service_id_idx ON warrn_alerts (service_id, raised_at DESC);
CREATE INDEX warrn_alerts_school_id_idx ON warrn_alerts (school_id);
CREATE TABLE warrn_alert_records (
  alert_id uuid NOT NULL REFERENCES warrn_alerts (id),
  record_id uuid NOT NULL REFERENCES warrn_records (id),
  PRIMARY KEY (alert_id, record_id)
);
CREATE INDEX warrn_alert_records_record_id_idx ON warrn_alert_records (record_id);

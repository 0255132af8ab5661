DROP TABLE warrn_alert_records;
DROP TABLE warrn_alerts;

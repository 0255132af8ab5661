DROP TABLE warrn_recipients;
DROP TABLE warrn_records;
DROP TABLE referral_events;
DROP TABLE referrals;
DROP TABLE pupils;

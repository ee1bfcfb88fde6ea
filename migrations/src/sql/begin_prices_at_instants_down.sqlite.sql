ALTER TABLE plan_prices ADD COLUMN valid_from date_text NOT NULL DEFAULT '1970-01-01';
UPDATE plan_prices SET valid_from = substr(starts_at, 1, 10);
ALTER TABLE plan_prices DROP COLUMN billing_period;
ALTER TABLE plan_prices DROP COLUMN starts_at;

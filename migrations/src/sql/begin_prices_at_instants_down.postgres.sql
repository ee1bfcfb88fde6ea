ALTER TABLE plan_prices ADD COLUMN valid_from date;
UPDATE plan_prices SET valid_from = (starts_at AT TIME ZONE 'UTC')::date;
ALTER TABLE plan_prices ALTER COLUMN valid_from SET NOT NULL;
ALTER TABLE plan_prices DROP COLUMN billing_period;
ALTER TABLE plan_prices DROP COLUMN starts_at;

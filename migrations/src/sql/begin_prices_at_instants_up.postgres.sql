ALTER TABLE plan_prices ADD COLUMN starts_at timestamp with time zone;
ALTER TABLE plan_prices ADD COLUMN billing_period text;
UPDATE plan_prices SET
    billing_period = (SELECT plans.billing_period FROM plans WHERE plans.id = plan_prices.plan_id),
    starts_at = (valid_from + time '12:00') AT TIME ZONE 'UTC';
UPDATE plan_prices SET
    starts_at = (SELECT plans.created_at FROM plans WHERE plans.id = plan_prices.plan_id)
    WHERE valid_from <= (now() AT TIME ZONE 'UTC')::date AND NOT EXISTS (
        SELECT 1 FROM plan_prices AS earlier
        WHERE earlier.plan_id = plan_prices.plan_id AND earlier.component_id = plan_prices.component_id
            AND earlier.version < plan_prices.version
    );
ALTER TABLE plan_prices ALTER COLUMN starts_at SET NOT NULL;
ALTER TABLE plan_prices ALTER COLUMN billing_period SET NOT NULL;
ALTER TABLE plan_prices DROP COLUMN valid_from;

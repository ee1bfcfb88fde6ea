ALTER TABLE plan_prices ADD COLUMN starts_at timestamp_with_timezone_text NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
ALTER TABLE plan_prices ADD COLUMN billing_period text NOT NULL DEFAULT 'month';
UPDATE plan_prices SET
    billing_period = (SELECT plans.billing_period FROM plans WHERE plans.id = plan_prices.plan_id),
    starts_at = valid_from || 'T12:00:00+00:00';
UPDATE plan_prices SET
    starts_at = (SELECT plans.created_at FROM plans WHERE plans.id = plan_prices.plan_id)
    WHERE valid_from <= date('now') AND NOT EXISTS (
        SELECT 1 FROM plan_prices AS earlier
        WHERE earlier.plan_id = plan_prices.plan_id AND earlier.component_id = plan_prices.component_id
            AND earlier.version < plan_prices.version
    );
ALTER TABLE plan_prices DROP COLUMN valid_from;

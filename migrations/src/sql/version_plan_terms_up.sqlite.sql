INSERT INTO plan_terms (id, plan_id, version, starts_at, billing_period, proration, charge_mode, setup_fee, notice_days, created_at)
    SELECT id, id, 1, created_at, billing_period, proration, charge_mode, setup_fee, 0, created_at FROM plans;
INSERT INTO plan_terms (id, plan_id, version, starts_at, billing_period, proration, charge_mode, setup_fee, notice_days, created_at)
    SELECT randomblob(16), id, 2, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), billing_period, proration, charge_mode,
        setup_fee, 30, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') FROM plans;
ALTER TABLE plans DROP COLUMN billing_period;
ALTER TABLE plans DROP COLUMN proration;
ALTER TABLE plans DROP COLUMN charge_mode;
ALTER TABLE plans DROP COLUMN setup_fee;

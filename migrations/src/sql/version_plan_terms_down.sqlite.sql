ALTER TABLE plans ADD COLUMN billing_period text NOT NULL DEFAULT 'month';
ALTER TABLE plans ADD COLUMN proration text NOT NULL DEFAULT 'day';
ALTER TABLE plans ADD COLUMN charge_mode text NOT NULL DEFAULT 'arrears';
ALTER TABLE plans ADD COLUMN setup_fee bigint NOT NULL DEFAULT 0;
UPDATE plans SET
    billing_period = (SELECT billing_period FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    proration = (SELECT proration FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    charge_mode = (SELECT charge_mode FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    setup_fee = (SELECT setup_fee FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1);
